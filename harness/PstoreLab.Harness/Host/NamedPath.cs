namespace PstoreLab.Harness.Host;

/// <summary>A user-supplied file: <c>PATH</c> or <c>NAME=PATH</c>.</summary>
internal static class NamedPath
{
    /// <summary>
    /// A path may have a '=' in it, but hardly before its first '/'; one that begins with a name and means a path is
    /// written ./a=b.
    /// </summary>
    public static (string? Name, string Path) Split(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 || argument[..equals].Contains('/')
            ? (null, argument)
            : (argument[..equals], argument[(equals + 1)..]);
    }
}
