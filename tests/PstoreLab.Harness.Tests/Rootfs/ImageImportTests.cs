using System.Buffers.Binary;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Kernels;

namespace PstoreLab.Harness.Tests.Rootfs;

/// <summary>Disks of systemd guests that the user brings along; their file systems are made by mke2fs.</summary>
[CancelAfter(60_000)]
public class ImageImportTests
{
    private const int Sector = 512;

    private const int FirstSector = 2048;

    private const string Status =
        "Package: sysvinit\nVersion: 3\n\nPackage: systemd\nStatus: install ok installed\nVersion: "
        + "257.9-1~deb13u1\nDescription: x\n\nPackage: udev\nVersion: 9\n";

    private ScratchFolder _scratch = null!;

    private ImageImport Import => new(new ProcessRunner(), new LabPaths(Path.Combine(_scratch.Path, "lab")));

    [SetUp]
    public void SetUp()
    {
        if (
            new[] { "mke2fs", "debugfs", "qemu-img" }.Where(program => HostProgram.Find(program) is null).ToList() is
            { Count: > 0 } missing
        )
            Assert.Ignore($"not on this machine: {string.Join(", ", missing)}");
        _scratch = new ScratchFolder();
    }

    [TearDown]
    public void TearDown() => _scratch?.Dispose();

    [Test]
    public async Task A_disk_that_is_a_file_system_tells_its_systemd(CancellationToken cancellation)
    {
        var path = await FileSystemAsync("disk.img", Debian(), cancellation);
        Assert.That(
            await ImportAsync(path, cancellation),
            Is.EqualTo(
                new GuestDisk("disk", path, DiskFormat.Raw, "257.9-1~deb13u1")
                {
                    KernelArguments = UserImage.KernelArguments,
                }
            )
        );
        Assert.That(
            Directory
                .GetFileSystemEntries(Path.Combine(_scratch.Path, "lab/images/.cache/given-images"))
                .Select(Path.GetFileName),
            Is.EqualTo(new[] { "lock" })
        );
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task So_does_a_partition_beside_others(bool gpt, CancellationToken cancellation)
    {
        var path = Partitioned(
            gpt,
            [
                new byte[1 << 20],
                await File.ReadAllBytesAsync(await FileSystemAsync("root", Debian(), cancellation), cancellation),
            ]
        );
        Assert.That((await ImportAsync(path, cancellation)).SystemdVersion, Is.EqualTo("257.9-1~deb13u1"));
    }

    [Test]
    public async Task A_qcow2_is_told_by_its_content_and_left_where_it_is(CancellationToken cancellation)
    {
        var raw = await FileSystemAsync("root", Debian(), cancellation);
        var path = Path.Combine(_scratch.Path, "mine.img");
        (
            await new ProcessRunner().RunAsync(
                new ProcessSpec("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, path),
                cancellation
            )
        ).EnsureSuccess();
        Assert.That(
            await ImportAsync("called=" + path, cancellation),
            Is.EqualTo(
                new GuestDisk("called", path, DiskFormat.Qcow2, "257.9-1~deb13u1")
                {
                    KernelArguments = UserImage.KernelArguments,
                }
            )
        );
    }

    [Test]
    public async Task Without_dpkg_the_library_s_name_tells_it(CancellationToken cancellation)
    {
        var path = await FileSystemAsync(
            "disk.img",
            ["usr/lib/systemd/systemd", "usr/bin/sshd", "usr/lib/systemd/libsystemd-shared-256.7-1.fc41.so"],
            cancellation
        );
        Assert.That((await ImportAsync(path, cancellation)).SystemdVersion, Is.EqualTo("256.7-1.fc41"));
    }

    [Test]
    public async Task A_file_system_that_we_cannot_read_may_be_the_root(CancellationToken cancellation)
    {
        byte[] xfs = new byte[1 << 20];
        "XFSB"u8.CopyTo(xfs);
        Assert.That((await ImportAsync(Partitioned(gpt: true, [xfs]), cancellation)).SystemdVersion, Is.Null);
    }

    [Test]
    public async Task What_is_no_guest_is_refused_and_named(CancellationToken cancellation)
    {
        await RefusedAsync(
            _scratch.Write("text.img", "nothing\n"),
            "neither a file system nor a partition table",
            cancellation
        );
        await RefusedAsync(
            _scratch.Write("empty.img", ""),
            "neither a file system nor a partition table",
            cancellation
        );
        await RefusedAsync(
            _scratch.Write("packed.img", await Synthetic.CompressAsync("gzip", new byte[4096])),
            "it is compressed (`gzip -d` undoes it)",
            cancellation
        );
        await RefusedAsync(
            await FileSystemAsync("bare.img", ["etc/hostname"], cancellation),
            "no root file system is on it: the disk is ext4",
            cancellation
        );
        await RefusedAsync(
            await FileSystemAsync("mute.img", ["usr/lib/systemd/systemd"], cancellation),
            "the root file system on the disk has no sshd",
            cancellation
        );
        byte[] luks = new byte[1 << 20];
        ((ReadOnlySpan<byte>)[(byte)'L', (byte)'U', (byte)'K', (byte)'S', 0xba, 0xbe]).CopyTo(luks);
        await RefusedAsync(
            Partitioned(gpt: false, [new byte[4096], luks]),
            "partition 1 is not known, partition 2 is LUKS",
            cancellation
        );
        var other = Path.Combine(_scratch.Path, "other.vmdk");
        (
            await new ProcessRunner().RunAsync(
                new ProcessSpec("qemu-img", "create", "-q", "-f", "vmdk", other, "1M"),
                cancellation
            )
        ).EnsureSuccess();
        await RefusedAsync(other, "it is a vmdk disk (`qemu-img convert -O qcow2` makes a qcow2 of it)", cancellation);
    }

    [Test]
    public void Arguments_are_read()
    {
        var path = _scratch.Write("debian-13.qcow2", "");
        var digits = _scratch.Write("13.qcow2", "");
        Assert.That(UserImage.Parse(path), Is.EqualTo(new UserImage("debian-13", path)));
        Assert.That(UserImage.Parse("mine=" + path), Is.EqualTo(new UserImage("mine", path)));
        Assert.That(
            () => UserImage.Parse("1=" + path),
            Throws.InstanceOf<UsageException>().With.Message.Contains("'1' cannot be a guest's name")
        );
        Assert.That(
            () => UserImage.Parse(digits),
            Throws.InstanceOf<UsageException>().With.Message.EndsWith($"--image mine={digits}")
        );
        Assert.That(
            () => UserImage.Parse(_scratch.Path),
            Throws.InstanceOf<UsageException>().With.Message.Contains("there is no file")
        );
        Assert.That(
            () => UserImage.Parse("mine="),
            Throws.InstanceOf<UsageException>().With.Message.Contains("there is no file ''")
        );
    }

    private static string[] Debian() => ["var/lib/dpkg/status", "usr/lib/systemd/systemd", "usr/sbin/sshd"];

    private Task<GuestDisk> ImportAsync(string argument, CancellationToken cancellation) =>
        Import.ImportAsync(UserImage.Parse(argument), cancellation);

    private async Task RefusedAsync(string path, string reason, CancellationToken cancellation)
    {
        var fault = await Assert.ThrowsAsync<UsageException>(() => ImportAsync(path, cancellation));
        Assert.That(fault!.Message, Does.StartWith($"--image {path}: ").And.Contain(reason).And.Not.Contain("\n"));
    }

    private async Task<string> FileSystemAsync(string name, IEnumerable<string> files, CancellationToken cancellation)
    {
        var tree = Path.Combine(_scratch.Path, "tree-" + name);
        foreach (var file in files)
            _scratch.Write(
                Path.Combine("tree-" + name, file),
                file.EndsWith("status", StringComparison.Ordinal) ? Status : "x"
            );
        var path = Path.Combine(_scratch.Path, name);
        (
            await new ProcessRunner().RunAsync(
                new ProcessSpec(HostProgram.Find("mke2fs")!, "-q", "-F", "-t", "ext4", "-d", tree, path, "4M"),
                cancellation
            )
        ).EnsureSuccess();
        return path;
    }

    private string Partitioned(bool gpt, IReadOnlyList<byte[]> contents)
    {
        var disk = new MemoryStream();
        byte[] mbr = new byte[Sector];
        byte[] header = new byte[Sector];
        byte[] entries = new byte[128 * 4];
        long next = FirstSector;
        for (int index = 0; index < contents.Count; index++)
        {
            var entry = mbr.AsSpan(446 + index * 16, 16);
            entry[4] = 0x83;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)next);
            // The second entry of a GPT is left empty: numbers are those of the entries.
            var gptEntry = entries.AsSpan(index * 2 * 128, 128);
            gptEntry[0] = 1;
            BinaryPrimitives.WriteInt64LittleEndian(gptEntry[32..], next);
            disk.Position = next * Sector;
            disk.Write(contents[index]);
            next = (disk.Length + (1 << 20) - 1) / (1 << 20) * FirstSector;
        }

        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(72), 2);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(80), 4);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(84), 128);
        if (gpt)
        {
            mbr.AsSpan(446).Clear();
            mbr[450] = 0xee;
        }
        mbr[510] = 0x55;
        mbr[511] = 0xaa;
        disk.Position = 0;
        disk.Write(mbr);
        if (gpt)
        {
            disk.Write(header);
            disk.Write(entries);
        }
        return _scratch.Write("disk.img", disk.ToArray());
    }
}
