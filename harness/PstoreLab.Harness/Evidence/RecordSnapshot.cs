using System.Formats.Tar;
using System.IO.Compression;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// The files of <c>/sys/fs/pstore</c> at one moment, brought over as a gzipped tar archive and kept as plain files.
/// </summary>
public static class RecordSnapshot
{
    /// <summary>The largest store is 64 MiB, and its records may be compressed.</summary>
    private const long LargestArchive = 256 << 20;

    /// <param name="largest">How many bytes it may have when it is unpacked.</param>
    /// <exception cref="InfraException">The archive is damaged.</exception>
    /// <exception cref="GuestFaultException">It has more.</exception>
    public static void Unpack(byte[] archive, string folder, long largest = LargestArchive)
    {
        Directory.CreateDirectory(folder);
        try
        {
            using var unpacked = new LimitedReader(
                new GZipStream(new MemoryStream(archive), CompressionMode.Decompress),
                largest
            );
            using var reader = new TarReader(unpacked);
            while (reader.GetNextEntry() is { } entry)
            {
                // Only the last part of the name is ours to trust, and the mode is not: we must read the file.
                if (
                    entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                    && Path.GetFileName(entry.Name) is { Length: > 0 } name
                )
                    Keep(entry.DataStream ?? Stream.Null, Path.Combine(folder, name));
            }
        }
        catch (LimitExceededException e)
        {
            throw new GuestFaultException(
                GuestFaultKind.Endless,
                $"the guest's archive of files is larger than {largest >> 20} MiB when it is unpacked",
                inner: e
            );
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InfraException($"the guest's archive of /sys/fs/pstore is damaged: {e.Message}", e);
        }
    }

    private static void Keep(Stream content, string path)
    {
        using var file = File.Create(path);
        content.CopyTo(file);
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
