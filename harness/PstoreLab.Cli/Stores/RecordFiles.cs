using PstoreLab.Harness.Faults;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Stores;

/// <summary>Finds and reads the record files that somebody means: by their names, and those of folders.</summary>
internal static class RecordFiles
{
    /// <returns>In the order in which they are given; at least one.</returns>
    /// <exception cref="UsageException">One cannot be read, is a store or nothing that is known here; or a folder has
    /// none.</exception>
    public static IReadOnlyList<RecordFile> Read(IReadOnlyList<string> names)
    {
        var files = new List<RecordFile>();
        foreach (
            string path in names
                .SelectMany(name => Directory.Exists(name) ? RecordFolder.FilesOf(name) : [name])
                .Distinct()
        )
        {
            using var file = StoreFile.Open(path, 0);
            byte[]? content = file.ReadSmall(RecordFile.Largest);
            if (StoreSearch.Find(file, null, StoreOptions.None, here: false).Count > 0)
                throw new UsageException(
                    $"{path} is a store; decode reads one store at a time, or any number of record files"
                );
            files.Add(
                (content is null ? null : RecordFile.Read(path, content, files.Count))
                    ?? throw new UsageException(
                        $"{path} is no record: it has no name such as dmesg-ramoops-0.enc.z, and no method "
                            + "of pstore's makes a dump of it"
                    )
            );
        }
        return files;
    }
}
