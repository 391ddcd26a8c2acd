using System.Formats.Tar;
using System.IO.Compression;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Evidence;

public class RecordSnapshotTests
{
    [Test]
    public void What_a_guest_lets_nobody_read_is_kept_for_us_to_read()
    {
        using var scratch = new ScratchFolder();
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, "pstore/dmesg-erst-1")
                {
                    Mode = UnixFileMode.None,
                    DataStream = new MemoryStream("Panic#1 Part1\n"u8.ToArray()),
                }
            );
        string folder = Path.Combine(scratch.Path, "records-1");
        RecordSnapshot.Unpack(archive.ToArray(), folder);
        string file = Path.Combine(folder, "dmesg-erst-1");
        Assert.That(File.GetUnixFileMode(file) & UnixFileMode.UserRead, Is.EqualTo(UnixFileMode.UserRead));
        Assert.That(RecordSnapshot.Read(folder)["dmesg-erst-1"], Is.EqualTo("Panic#1 Part1\n"u8.ToArray()));
    }
}
