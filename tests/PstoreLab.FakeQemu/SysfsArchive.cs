using System.Formats.Tar;
using System.IO.Compression;

namespace PstoreLab.FakeQemu;

/// <summary><c>/sys/fs/pstore</c> as the agent sends it: a tar archive, gzipped.</summary>
internal static class SysfsArchive
{
    public static byte[] Of(IReadOnlyDictionary<string, byte[]> files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            // As busybox tar does: the folder itself comes first.
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "./"));
            foreach (var (name, content) in files)
                writer.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, "./" + name) { DataStream = new MemoryStream(content) }
                );
        }

        return packed.ToArray();
    }
}
