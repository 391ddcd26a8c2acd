using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Commands;

/// <summary>A file that an option has written.</summary>
internal static class FileOption
{
    /// <exception cref="UsageException">Its folder is not there: that is noticed before hours of work.</exception>
    public static void Check(string option, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(folder))
            throw new UsageException($"{option} {path}: there is no folder {folder}; make it first");
        if (Directory.Exists(path))
            throw new UsageException($"{option} {path}: that is a folder; name a file");
    }

    /// <exception cref="InfraException">It cannot be written.</exception>
    public static void Write(string path, string text) => Guard(path, () => File.WriteAllText(path, text));

    /// <exception cref="InfraException">It cannot be written.</exception>
    public static void Append(string path, string text) => Guard(path, () => File.AppendAllText(path, text));

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
