using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Remote;

public class RemoteTreeTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public async Task A_folder_comes_with_all_that_is_known_of_it()
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        string file = _scratch.Write("sub/dmesg.txt", content);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.SetUser);
        var modified = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567);
        File.SetLastWriteTimeUtc(file, modified.UtcDateTime);
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "link"), "sub/dmesg.txt");

        var files = RemoteTree.Read(await ArchiveAsync());

        Assert.That(
            files.Select(found => (found.Path, found.Kind)),
            Is.EqualTo(
                new[]
                {
                    (".", RemoteFileKind.Folder),
                    ("link", RemoteFileKind.Link),
                    ("sub", RemoteFileKind.Folder),
                    ("sub/dmesg.txt", RemoteFileKind.File),
                }
            )
        );
        Assert.That(files[1].Target, Is.EqualTo("sub/dmesg.txt"));
        Assert.That(files[3].Mode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.SetUser));
        Assert.That(files[3].Modified, Is.EqualTo(modified));
        Assert.That(files[3].Content.Span.SequenceEqual(content));
        var id = await new ProcessRunner().RunAsync(new ProcessSpec("sh", "-c", "id -u; id -g"));
        Assert.That($"{files[3].Owner.User}\n{files[3].Owner.Group}\n", Is.EqualTo(id.StandardOutput));
    }

    [Test]
    public void What_is_no_archive_is_refused([Values(0, 100, 512, 5000)] int length)
    {
        using var stream = new MemoryStream(Enumerable.Repeat((byte)'x', length).ToArray());
        Assert.That(() => RemoteTree.Read(stream), Throws.TypeOf<InfraException>().With.Message.Contains("damaged"));
    }

    [TestCase("00077777777", "an entry claims 16777215 bytes where there are 1536 in all")]
    [TestCase("77777777777", "is damaged")]
    public void A_file_that_claims_to_be_larger_than_its_archive_is_refused(string size, string fault)
    {
        var header = new MemoryStream();
        using (var writer = new TarWriter(header, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "dmesg.txt"));
        byte[] archive = header.ToArray();
        // The size, then the checksum over all (ustar of POSIX.1-1988).
        Encoding.ASCII.GetBytes(size).CopyTo(archive.AsSpan(124));
        "        "u8.CopyTo(archive.AsSpan(148));
        Encoding
            .ASCII.GetBytes(Convert.ToString(archive.Take(512).Sum(value => value), 8).PadLeft(6, '0') + "\0 ")
            .CopyTo(archive.AsSpan(148));
        Assert.That(
            () => RemoteTree.Read(new MemoryStream(archive)),
            Throws.TypeOf<InfraException>().With.Message.Contains(fault)
        );
    }

    // As a guest's agent makes it.
    private async Task<Stream> ArchiveAsync()
    {
        var archive = new MemoryStream();
        await new ProcessRunner().RunAsync(
            new ProcessSpec("tar", "--create", "--format=posix", "--numeric-owner", $"--directory={_scratch.Path}", ".")
            {
                StandardOutput = archive,
            }
        );
        archive.Position = 0;
        return archive;
    }
}
