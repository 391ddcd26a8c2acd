using System.Formats.Tar;
using System.IO.Compression;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Evidence;

/// <summary>What a guest of any kind may send in place of its records.</summary>
public class RecordSnapshotTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    private string Records => Path.Combine(_scratch.Path, "records-1");

    [Test]
    public void A_record_that_nobody_may_read_is_kept_and_read()
    {
        RecordSnapshot.Unpack(Archive(("dmesg-erst-1", 5), ("empty", 0)), Records);
        Assert.That(
            RecordSnapshot.Read(Records).Select(file => (file.Key, file.Value.Length)),
            Is.EqualTo(new[] { ("dmesg-erst-1", 5), ("empty", 0) })
        );
        Assert.That(
            File.GetUnixFileMode(Path.Combine(Records, "dmesg-erst-1")) & UnixFileMode.UserRead,
            Is.EqualTo(UnixFileMode.UserRead)
        );
    }

    [Test]
    public void An_archive_that_unpacks_to_more_than_any_store_is_the_fault_of_the_guest()
    {
        byte[] bomb = Archive(("dmesg-erst-1", 8 << 20));
        Assert.That(bomb, Has.Length.LessThan(64 << 10));
        Assert.That(
            () => RecordSnapshot.Unpack(bomb, Records, largest: 1 << 20),
            Throws
                .TypeOf<GuestFaultException>()
                .With.Message.EqualTo("the guest's archive of files is larger than 1 MiB when it is unpacked")
        );
        Assert.That(new FileInfo(Path.Combine(Records, "dmesg-erst-1")).Length, Is.LessThanOrEqualTo(1 << 20));
    }

    [Test]
    public void A_damaged_archive_is_not()
    {
        byte[] archive = Archive(("dmesg-erst-1", 5000));
        Assert.That(
            () => RecordSnapshot.Unpack(archive[..(archive.Length / 2)], Records),
            Throws.TypeOf<InfraException>().With.Message.Contains("damaged")
        );
    }

    // The files are of nobody's: no bit of their mode is set.
    private static byte[] Archive(params (string Name, int Length)[] files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        using (var writer = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            foreach (var (name, length) in files)
                writer.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, "./" + name)
                    {
                        Mode = UnixFileMode.None,
                        DataStream = new MemoryStream(new byte[length]),
                    }
                );
        }

        return packed.ToArray();
    }
}
