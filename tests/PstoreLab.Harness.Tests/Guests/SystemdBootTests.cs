using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>What a boot of a systemd guest has on the host, fresh and restored.</summary>
[CancelAfter(60_000)]
public class SystemdBootTests
{
    private static readonly BootNumber First = new(1);

    private static readonly PlannedSystemd Guest = new(
        "bookworm",
        "252",
        "boot-1/disk.qcow2",
        "bookworm.raw",
        "raw",
        "boot-1/seed.tar",
        new Dictionary<string, string> { ["/etc/systemd/pstore.conf"] = "[PStore]\n" }
    );

    private ScratchFolder _scratch = null!;
    private Checkpoint _checkpoint = null!;

    [SetUp]
    public void SetUp()
    {
        _scratch = new ScratchFolder();
        _checkpoint = new Checkpoint(
            Directory.CreateDirectory(Path.Combine(_scratch.Path, "checkpoint")).FullName,
            [],
            true
        );
    }

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public async Task A_restored_one_has_copies_of_all_that_the_checkpoint_has(CancellationToken cancellation)
    {
        var before = Folder("before");
        var host = await PrepareAsync(before, null, cancellation);
        SystemdBoot.Keep(Guest, before, First, _checkpoint);
        var clone = Folder("clone");
        var restored = await PrepareAsync(clone, _checkpoint, cancellation);
        Assert.That(restored.ClientKey.Public, Is.EqualTo(host.ClientKey.Public));
        Assert.That(restored.HostKey.Public, Is.EqualTo(host.HostKey.Public));
        foreach (string file in (string[])["disk.qcow2", "seed.tar", "ssh-client", "ssh-host"])
        {
            string own = Path.Combine(clone.Boot(First).Root, file);
            Assert.That(
                await File.ReadAllBytesAsync(own, cancellation),
                Is.EqualTo(await File.ReadAllBytesAsync(Path.Combine(before.Boot(First).Root, file), cancellation)),
                file
            );
            File.WriteAllText(own, "what the clone writes");
            Assert.That(
                await File.ReadAllTextAsync(Path.Combine(_checkpoint.Folder, file), cancellation),
                Is.Not.EqualTo("what the clone writes"),
                file
            );
        }

        Assert.That(
            File.GetUnixFileMode(restored.ClientKey.PrivateFile),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite)
        );
    }

    [Test]
    public async Task What_a_checkpoint_left_that_was_of_no_use_is_no_hindrance(CancellationToken cancellation)
    {
        var folder = Folder("before");
        var host = await PrepareAsync(folder, null, cancellation);
        var again = await PrepareAsync(folder, null, cancellation);
        Assert.That(again.ClientKey.Public, Is.Not.EqualTo(host.ClientKey.Public));
    }

    [Test]
    public async Task The_users_files_are_in_the_seed_byte_for_byte(CancellationToken cancellation)
    {
        var folder = Folder("own");
        byte[] content = [0x7f, (byte)'E', (byte)'L', (byte)'F', 0xff, 0xfe, 0];
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "own-1"), content, cancellation);
        var guest = Guest with
        {
            OwnFiles = [new PlannedOwnFile("/usr/lib/systemd/systemd-pstore", "own-1", "", "0755")],
        };
        await SystemdBoot.PrepareAsync(new ProcessRunner(), guest, folder, First, null, cancellation);
        using var seed = new System.Formats.Tar.TarReader(File.OpenRead(Path.Combine(folder.Root, guest.Seed)));
        var entries = new Dictionary<string, (UnixFileMode Mode, byte[] Content)>();
        while (await seed.GetNextEntryAsync(copyData: true, cancellation) is { } entry)
        {
            using var bytes = new MemoryStream();
            await entry.DataStream!.CopyToAsync(bytes, cancellation);
            entries[entry.Name] = (entry.Mode, bytes.ToArray());
        }

        Assert.That(entries, Does.ContainKey("etc/systemd/pstore.conf"));
        Assert.That(entries["usr/lib/systemd/systemd-pstore"].Content, Is.EqualTo(content));
        Assert.That(entries["usr/lib/systemd/systemd-pstore"].Mode, Is.EqualTo((UnixFileMode)0b111_101_101));
    }

    private static async Task<Harness.Remote.RemoteHost> PrepareAsync(
        CaseFolder folder,
        Checkpoint? checkpoint,
        CancellationToken cancellation
    ) => await SystemdBoot.PrepareAsync(new ProcessRunner(), Guest, folder, First, checkpoint, cancellation);

    private CaseFolder Folder(string name)
    {
        var folder = new CaseFolder(Path.Combine(_scratch.Path, name));
        Directory.CreateDirectory(folder.Boot(First).Root);
        using var disk = File.Create(Path.Combine(folder.Root, "bookworm.raw"));
        disk.SetLength(1 << 20);
        return folder;
    }
}
