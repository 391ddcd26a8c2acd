namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>
/// A path the way a person at the prompt would type it: relative when it lies below the current directory.
/// </summary>
internal static class DisplayPath
{
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), full);
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) ? full : relative;
    }
}
