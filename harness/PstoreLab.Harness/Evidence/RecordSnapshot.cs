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
                {
                    // With a mode of ours: the guest's may be one that nobody here can read.
                    using var file = File.Create(Path.Combine(folder, name));
                    entry.DataStream?.CopyTo(file);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InfraException($"the guest's archive of /sys/fs/pstore is damaged: {e.Message}", e);
        }
    }

    /// <summary>The records of a snapshot, by name.</summary>
    /// <exception cref="EvidenceException">It is not there, or not readable.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(string folder)
    {
        var records = new OrderedDictionary<string, byte[]>();
        long bytes = 0;
        foreach (string name in EvidenceReader.Names(folder))
        {
            byte[] record = EvidenceReader.Bytes(Path.Combine(folder, name));
            if ((bytes += record.Length) > EvidenceReader.Limit)
                throw new EvidenceException(folder, $"has more than {EvidenceReader.Limit} bytes in all");
            records[name] = record;
        }

        return records;
    }
}
