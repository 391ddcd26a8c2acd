using System.Formats.Tar;
using System.IO.Compression;

namespace PstoreLab.FakeQemu;

/// <summary>The case folder's <c>store</c>, kept as a tar archive: zeros, as every empty store is, are an archive without entries.</summary>
internal static class RecordStore
{
    private const string Path = "store";

    /// <summary>What the agent sends: the archive, gzipped.</summary>
    public static byte[] Archive()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Pack(Read()));
        return packed.ToArray();
    }

    public static void Add(byte[] content)
    {
        var records = Read();
        var id = records.Count == 0 ? 7710738641726734337 : records.Keys.Max(name => long.Parse(name["dmesg-erst-".Length..])) + 1;
        records[$"dmesg-erst-{id}"] = content;
        Write(records);
    }

    public static void Clear() => Write([]);

    private static Dictionary<string, byte[]> Read()
    {
        var records = new Dictionary<string, byte[]>();
        using var reader = new TarReader(new MemoryStream(File.ReadAllBytes(Path)));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data)
                continue;
            using var content = new MemoryStream();
            data.CopyTo(content);
            records[System.IO.Path.GetFileName(entry.Name)] = content.ToArray();
        }

        return records;
    }

    private static void Write(Dictionary<string, byte[]> records)
    {
        var archive = Pack(records);
        using var store = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var fresh = new byte[store.Length];
        archive.CopyTo(fresh, 0);
        store.Write(fresh);
    }

    // As busybox tar does: the folder itself comes first.
    private static byte[] Pack(Dictionary<string, byte[]> records)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "./"));
            foreach (var (name, content) in records)
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "./" + name) { DataStream = new MemoryStream(content) });
        }

        return archive.ToArray();
    }
}
