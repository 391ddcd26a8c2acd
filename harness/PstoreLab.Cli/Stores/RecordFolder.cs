using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// A folder of record files: a copy of <c>/sys/fs/pstore</c>, <c>/var/lib/systemd/pstore</c>, or <c>records-1/</c> of a
/// case.
/// </summary>
internal static class RecordFolder
{
    // systemd-pstore sorts what it archives into folders, which are not to be left for elsewhere through a link.
    private static readonly EnumerationOptions Depths = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    private const int MostNamed = 5;

    /// <summary>The files in and below the folder, by their paths; no pipes, devices or links.</summary>
    /// <exception cref="UsageException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles(folder, "*", Depths)
                    .Where(path => FileKinds.Of(path) == FileKind.Regular)
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>That there is no record in a folder or an archive, and what is there.</summary>
    public static string NothingIn(string name, IReadOnlyList<UnreadFile> unread)
    {
        string what = Directory.Exists(name) ? "a directory" : "an archive";
        string others = unread.Count > 0 ? $"; {Unread(unread)}" : "";
        return $"{name} is {what} without a record file in it, such as dmesg-ramoops-0 or "
            + $"dmesg-ramoops-0.enc.z{others}";
    }

    /// <summary>
    /// How many files were not read, and the first of them; what is known of one is said before others.
    /// </summary>
    public static string Unread(IReadOnlyList<UnreadFile> unread)
    {
        var first = unread.OrderBy(file => file.Why is null).Take(MostNamed).Select(file => file.ToString());
        string more = unread.Count > MostNamed ? $", and {unread.Count - MostNamed} more" : "";
        return $"{unread.Count} {(unread.Count == 1 ? "file was" : "files were")} not read: "
            + $"{string.Join(", ", first)}{more}";
    }
}
