using System.Formats.Tar;
using System.IO.Compression;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// The files of <c>/sys/fs/pstore</c> at one moment, brought over as a gzipped tar archive and kept as plain files.
/// </summary>
public static class RecordSnapshot
{
    /// <exception cref="InfraException">The archive is damaged.</exception>
    public static void Unpack(byte[] archive, string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            using var reader = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
            while (reader.GetNextEntry() is { } entry)
            {
                // Only the last part of the name is ours to trust.
                if (
                    entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                    && Path.GetFileName(entry.Name) is { Length: > 0 } name
                )
                    entry.ExtractToFile(Path.Combine(folder, name), overwrite: true);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InfraException($"the guest's archive of /sys/fs/pstore is damaged: {e.Message}", e);
        }
    }

    /// <summary>The records of a snapshot, by name; null when the snapshot was never taken.</summary>
    public static IReadOnlyDictionary<string, byte[]>? Read(string folder) =>
        !Directory.Exists(folder)
            ? null
            : new DirectoryInfo(folder)
                .EnumerateFiles()
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));
}
