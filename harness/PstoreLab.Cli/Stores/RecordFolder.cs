using PstoreLab.Harness.Faults;
using PstoreLab.Records;

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

    /// <summary>
    /// The files with a name of pstore's, in and below the folder, by their paths. Others are passed over:
    /// <c>dmesg.txt</c> of systemd-pstore is made of records, and would be there twice.
    /// </summary>
    /// <exception cref="UsageException">There is none, or the folder cannot be read.</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        try
        {
            var files = Directory
                .EnumerateFiles(folder, "*", Depths)
                .Where(path =>
                    RecordName.TryParse(Path.GetFileName(path), out var name) && RecordType.Known.Contains(name.Type)
                )
                .Order(StringComparer.Ordinal)
                .ToList();
            return files.Count > 0
                ? files
                : throw new UsageException(
                    $"{folder} is a directory without a record file in it, such as dmesg-ramoops-0 or "
                        + "dmesg-ramoops-0.enc.z"
                );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} cannot be read: {fault.Message}", fault);
        }
    }
}
