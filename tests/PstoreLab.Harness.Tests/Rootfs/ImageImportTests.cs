using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
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
            new[] { "mke2fs", "debugfs", "qemu-img", "blkid", "partx" }
                .Where(program => HostProgram.Find(program) is null)
                .ToList() is
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
        await QemuImgAsync(cancellation, "convert", "-f", "raw", "-O", "qcow2", raw, path);
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
        Assert.That((await ImportAsync(Partitioned(gpt: true, [Xfs()]), cancellation)).SystemdVersion, Is.Null);
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
            "it is compressed (`gzip -d` decompresses it)",
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
        ((ReadOnlySpan<byte>)[(byte)'L', (byte)'U', (byte)'K', (byte)'S', 0xba, 0xbe, 0, 1]).CopyTo(luks);
        await RefusedAsync(_scratch.Write("luks.img", luks), "it is LUKS", cancellation);
        await RefusedAsync(
            Partitioned(gpt: false, [new byte[4096], luks]),
            "partition 1 is not known, partition 2 is LUKS",
            cancellation
        );
        await RefusedAsync(Partitioned(gpt: true, []), "its partition table is empty", cancellation);
        var several = await File.ReadAllBytesAsync(
            await FileSystemAsync("several", Debian(), cancellation),
            cancellation
        );
        Xfs().AsSpan(0, Sector).CopyTo(several);
        await RefusedAsync(
            _scratch.Write("several.img", several),
            "it is of several kinds at once (`wipefs` lists them)",
            cancellation
        );
    }

    [TestCase("vmdk")]
    [TestCase("vdi")]
    [TestCase("vpc")]
    [TestCase("vhdx")]
    [TestCase("qed")]
    [TestCase("qcow")]
    public async Task A_disk_in_another_format_is_told_how_to_become_one(string format, CancellationToken cancellation)
    {
        var path = Path.Combine(_scratch.Path, "disk." + format);
        await QemuImgAsync(cancellation, "create", "-q", "-f", format, path, "1M");
        await RefusedAsync(
            path,
            $"it is a {format} disk (`qemu-img convert -O qcow2` makes a qcow2 of it)",
            cancellation
        );
    }

    [Test]
    public async Task An_encrypted_qcow2_is_refused(CancellationToken cancellation)
    {
        var path = await QcowAsync(cancellation);
        await PokeAsync(path, 35, 2, cancellation);
        await RefusedAsync(path, "it is encrypted", cancellation);
    }

    [TestCase(300)]
    [TestCase(5)]
    public async Task A_qcow2_that_was_cut_is_refused(int length, CancellationToken cancellation)
    {
        var path = await QcowAsync(cancellation);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path, cancellation))[..length], cancellation);
        await RefusedAsync(path, "it is a qcow2 that was cut short", cancellation);
    }

    /// <summary>
    /// What a disk names is opened by whatever program of QEMU opens the disk, and its content would end up in a
    /// guest.
    /// </summary>
    [Test]
    public async Task A_disk_that_names_a_file_of_the_host_is_refused(CancellationToken cancellation)
    {
        var under = await FileSystemAsync("under", Debian(), cancellation);
        var overlay = Path.Combine(_scratch.Path, "overlay.qcow2");
        await QemuImgAsync(cancellation, "create", "-q", "-f", "qcow2", "-b", under, "-F", "raw", overlay);
        await RefusedAsync(
            overlay,
            $"it is an overlay over another disk, {under}, which is not opened for it "
                + "(`qemu-img convert -O qcow2` makes one disk of both)",
            cancellation
        );
        var split = Path.Combine(_scratch.Path, "split.qcow2");
        await QemuImgAsync(
            cancellation,
            ["create", "-q", "-f", "qcow2", "-o", $"data_file={_scratch.Path}/data,data_file_raw=on", split, "4M"]
        );
        await RefusedAsync(
            split,
            $"its data is in another file, {_scratch.Path}/data, which is not opened",
            cancellation
        );
        // QEMU takes a text for a vmdk when a line of it is this version, whatever comments stand before.
        var text = $"# no mark\nversion=1\ncreateType=\"monolithicFlat\"\nRW 8192 FLAT \"{under}\" 0\n";
        await RefusedAsync(_scratch.Write("text.img", text), "neither a file system nor", cancellation);
    }

    [Test]
    public async Task A_disk_that_names_a_server_is_refused_without_asking_it(CancellationToken cancellation)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var address = $"nbd://{server.LocalEndpoint}/disk";
        var overlay = Path.Combine(_scratch.Path, "overlay.qcow2");
        await QemuImgAsync(
            cancellation,
            "create",
            "-q",
            "-u",
            "-f",
            "qcow2",
            "-b",
            address,
            "-F",
            "raw",
            overlay,
            "4M"
        );
        await RefusedAsync(overlay, $"it is an overlay over another disk, {address}, ", cancellation);

        Assert.That(server.Pending(), Is.False);

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)server.LocalEndpoint, cancellation);
        Assert.That(server.Pending(), "whoever asks is seen");
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

    private static async Task QemuImgAsync(CancellationToken cancellation, params string[] arguments) =>
        (await new ProcessRunner().RunAsync(new ProcessSpec("qemu-img", arguments), cancellation)).EnsureSuccess();

    private async Task<string> QcowAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(_scratch.Path, "disk.qcow2");
        await QemuImgAsync(cancellation, "create", "-q", "-f", "qcow2", path, "4M");
        return path;
    }

    private static async Task PokeAsync(string path, int at, byte value, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        bytes[at] = value;
        await File.WriteAllBytesAsync(path, bytes, cancellation);
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

    // As much of it as blkid checks (struct xfs_dsb of fs/xfs/libxfs/xfs_format.h, 6.12).
    private static byte[] Xfs()
    {
        byte[] xfs = new byte[1 << 20];
        "XFSB"u8.CopyTo(xfs);
        BinaryPrimitives.WriteUInt32BigEndian(xfs.AsSpan(4), 4096); // sb_blocksize
        BinaryPrimitives.WriteUInt64BigEndian(xfs.AsSpan(8), 256); // sb_dblocks
        BinaryPrimitives.WriteUInt32BigEndian(xfs.AsSpan(80), 1); // sb_rextsize
        BinaryPrimitives.WriteUInt32BigEndian(xfs.AsSpan(84), 256); // sb_agblocks
        BinaryPrimitives.WriteUInt32BigEndian(xfs.AsSpan(88), 1); // sb_agcount
        BinaryPrimitives.WriteUInt16BigEndian(xfs.AsSpan(100), 4); // sb_versionnum
        BinaryPrimitives.WriteUInt16BigEndian(xfs.AsSpan(102), 512); // sb_sectsize
        BinaryPrimitives.WriteUInt16BigEndian(xfs.AsSpan(104), 256); // sb_inodesize
        BinaryPrimitives.WriteUInt16BigEndian(xfs.AsSpan(106), 16); // sb_inopblock
        ((ReadOnlySpan<byte>)[12, 9, 8, 4]).CopyTo(xfs.AsSpan(120)); // sb_blocklog, sectlog, inodelog, inopblog
        return xfs;
    }

    /// <summary>A disk with a partition for each content; with a GPT, on every second entry.</summary>
    private string Partitioned(bool gpt, IReadOnlyList<byte[]> contents)
    {
        var disk = new MemoryStream();
        byte[] mbr = new byte[Sector];
        byte[] entries = new byte[128 * 128];
        long next = FirstSector;
        for (int index = 0; index < contents.Count; index++)
        {
            long sectors = contents[index].Length / Sector;
            var entry = mbr.AsSpan(446 + index * 16, 16);
            entry[4] = 0x83;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)next);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)sectors);
            var gptEntry = entries.AsSpan(index * 2 * 128, 128);
            gptEntry[0] = 1;
            BinaryPrimitives.WriteInt64LittleEndian(gptEntry[32..], next);
            BinaryPrimitives.WriteInt64LittleEndian(gptEntry[40..], next + sectors - 1);
            disk.Position = next * Sector;
            disk.Write(contents[index]);
            next = (disk.Length + (1 << 20) - 1) / (1 << 20) * FirstSector;
        }

        disk.SetLength((next + FirstSector) * Sector);
        if (gpt)
        {
            mbr.AsSpan(446).Clear();
            mbr[450] = 0xee;
            BinaryPrimitives.WriteUInt32LittleEndian(mbr.AsSpan(454), 1);
            BinaryPrimitives.WriteUInt32LittleEndian(mbr.AsSpan(458), (uint)(disk.Length / Sector) - 1);
        }
        mbr[510] = 0x55;
        mbr[511] = 0xaa;
        disk.Position = 0;
        disk.Write(mbr);
        if (gpt)
        {
            disk.Write(GptHeader(entries, disk.Length / Sector));
            disk.Write(entries);
        }
        return _scratch.Write("disk.img", disk.ToArray());
    }

    // UEFI 2.10, table 5.5.
    private static byte[] GptHeader(byte[] entries, long sectors)
    {
        byte[] header = new byte[Sector];
        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 0x10000);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), 92);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), 1);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), sectors - 1);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(40), 34);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(48), sectors - 34);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(72), 2);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(80), 128);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(84), 128);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(88), Crc32(entries));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc32(header.AsSpan(0, 92)));
        return header;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320 * (crc & 1));
        }

        return ~crc;
    }
}
