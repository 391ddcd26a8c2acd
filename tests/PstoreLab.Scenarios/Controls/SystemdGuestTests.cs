using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Remote;

namespace PstoreLab.Scenarios.Controls;

/// <summary>
/// A systemd guest comes up with another kernel than its release's own, answers us and nobody else, and leaves its disk
/// as it was.
/// </summary>
[Category("Systemd")]
[NonParallelizable]
public sealed class SystemdGuestTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // A release with its own kernel, from the oldest to the newest stable one.
    private static readonly (string Rootfs, string Kernel)[] Own =
    [
        ("bullseye", "debian-5.10"),
        ("bookworm", "debian-6.1"),
        ("trixie", "debian-6.12"),
    ];

    public static IEnumerable<TestCaseData> OwnKernel => Own.Select(Named);

    // Those that are built here lack what systemd needs (SystemdModules.RequiredOptions).
    public static IEnumerable<TestCaseData> OtherKernels =>
        (
            from rootfs in LabSession.Lab.RootfsCatalogue.Names
            from kernel in LabSession.Lab.Catalogue.Names
            where LabSession.Lab.Catalogue[kernel].Kind == KernelKind.Packaged
            select (rootfs, kernel)
        )
            .Except(Own)
            .Select(Named);

    [TestCaseSource(nameof(OwnKernel))]
    public Task It_comes_up_answers_over_ssh_and_powers_off(string rootfs, string kernel) => BootAsync(rootfs, kernel);

    [TestCaseSource(nameof(OtherKernels))]
    [Explicit("each takes up to a minute; --filter TestCategory=SystemdMatrix runs them")]
    [Category("SystemdMatrix")]
    public Task So_it_does_with_any_kernel(string rootfs, string kernel) => BootAsync(rootfs, kernel);

    [Test]
    public async Task So_does_a_disk_of_the_user_s_from_one_of_its_partitions()
    {
        const long Sector = 512,
            First = 2048;
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var lab = LabSession.Lab;
        var folder = await Fixture.FolderAsync();
        var bookworm = await lab.Rootfs.EnsureAsync("bookworm", cancellation);
        (
            await lab.Runner.RunAsync(
                new ProcessSpec("qemu-img", "convert", "-O", "raw", bookworm.Path, folder.In("root.raw")),
                cancellation
            )
        ).EnsureSuccess();
        string path = folder.In("mine.img");
        // An MBR with an empty partition before it (UEFI 2.10, section 5.2).
        byte[] mbr = new byte[Sector];
        Partition(1, First, First);
        Partition(2, 2 * First, new FileInfo(folder.In("root.raw")).Length / Sector);
        mbr[510] = 0x55;
        mbr[511] = 0xaa;
        await File.WriteAllBytesAsync(path, mbr, cancellation);
        (
            await lab.Runner.RunAsync(
                new ProcessSpec(
                    "dd",
                    $"if={folder.In("root.raw")}",
                    $"of={path}",
                    "bs=1M",
                    $"seek={2 * First * Sector >> 20}",
                    "conv=sparse,notrunc"
                ),
                cancellation
            )
        ).EnsureSuccess();
        File.Delete(folder.In("root.raw"));

        var rootfs = await new ImageImport(lab.Runner, lab.Paths).ImportAsync(UserImage.Parse(path), cancellation);
        Assert.That(
            rootfs with
            {
                KernelArguments = [],
            },
            Is.EqualTo(new GuestDisk("mine", path, DiskFormat.Raw, bookworm.SystemdVersion))
        );
        Assert.That(rootfs.KernelArguments, Is.EqualTo(UserImage.KernelArguments));
        await BootAsync(rootfs, "debian-6.1", folder, UserImage.KernelArguments);
        File.Delete(path);

        void Partition(int number, long first, long count)
        {
            var entry = mbr.AsSpan(446 + (number - 1) * 16, 16);
            entry[4] = 0x83;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)first);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)count);
        }
    }

    private static TestCaseData Named((string Rootfs, string Kernel) guest) =>
        new TestCaseData(guest.Rootfs, guest.Kernel).SetArgDisplayNames(guest.Rootfs, guest.Kernel);

    private static async Task BootAsync(string rootfsName, string kernelName)
    {
        var rootfs = await LabSession.Lab.Rootfs.EnsureAsync(rootfsName, TestContext.CurrentContext.CancellationToken);
        await BootAsync(rootfs, kernelName, await Fixture.FolderAsync(), []);
    }

    private static async Task BootAsync(
        GuestDisk rootfs,
        string kernelName,
        RunFolder folder,
        IReadOnlyList<string> kernelArguments
    )
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var lab = LabSession.Lab;
        var kernel = await lab.SystemdKernels.EnsureAsync(kernelName, cancellation);
        var initramfs = await new InitramfsBuilder(lab.Runner, lab.Paths, Lab.Machine).BuildForSystemdAsync(
            kernel,
            cancellation
        );
        byte[] before = await DigestAsync(rootfs.Path);
        await RootfsOverlay.CreateAsync(
            lab.Runner,
            folder.In("overlay.qcow2"),
            rootfs.Path,
            rootfs.Format.ToString().ToLowerInvariant(),
            cancellation
        );
        var clientKey = await SshKey.CreateAsync(lab.Runner, folder.In("client"), cancellation);
        var hostKey = await SshKey.CreateAsync(lab.Runner, folder.In("host"), cancellation);
        GuestSeed
            .ForSsh(hostKey.PrivateFile, clientKey.Public)
            .With(new Dictionary<string, SeedFile> { [SystemdDevices.EarlyModules] = new("") })
            .Write(folder.In("seed.tar"));
        var host = new RemoteHost(FreePort(), "root", clientKey, hostKey);
        await using var log = File.Create(folder.In("qemu.log"));
        long start = Stopwatch.GetTimestamp();
        await using var qemu = lab.Runner.Start(
            new ProcessSpec(
                Lab.Machine.Qemu,
                [
                    "-nodefaults",
                    "-no-user-config",
                    "-machine",
                    "pc",
                    "-accel",
                    "tcg",
                    "-cpu",
                    "qemu64,cx16=off",
                    "-smp",
                    "1",
                    "-m",
                    "512M",
                    "-display",
                    "none",
                    .. SystemdDevices.Disks("overlay.qcow2", "seed.tar"),
                    .. SystemdDevices.Network(host.Port),
                    "-kernel",
                    kernel.Vmlinux,
                    "-initrd",
                    initramfs,
                    "-append",
                    string.Join(
                        ' ',
                        [
                            "console=ttyS0,115200",
                            "ignore_loglevel",
                            "printk.devkmsg=on",
                            "panic=-1",
                            "no_timer_check",
                            "cryptomgr.notests",
                            .. SystemdDevices.KernelArguments,
                            .. kernelArguments,
                        ]
                    ),
                    "-action",
                    "panic=none",
                    "-no-reboot",
                    "-serial",
                    "file:console.log",
                ]
            )
            {
                WorkingDirectory = folder.Root,
                StandardError = log,
            }
        );

        var connecting = new RemoteConnector(new SshNetClient(TimeProvider.System), TimeProvider.System).ConnectAsync(
            host,
            Limit,
            Limit,
            cancellation
        );
        Assert.That(
            await Task.WhenAny(connecting, qemu.Exit),
            Is.SameAs(connecting),
            "QEMU ended before the guest answered; see qemu.log and console.log"
        );
        await using var session = await connecting;
        var answered = Stopwatch.GetElapsedTime(start);
        var processor = Process.GetProcessById(qemu.Id).TotalProcessorTime;
        TestContext.Out.WriteLine(
            $"{rootfs.Name} with {kernelName}: SSH after {answered.TotalSeconds:f1} s, of which QEMU "
                + $"computed {processor.TotalSeconds:f1} s"
        );

        async Task<string> Say(string command) =>
            (await RemoteOutput.OfAsync(session, command, cancellation)).Output.Trim();
        Assert.That(await Say("uname -r"), Is.EqualTo(kernel.Release));
        Assert.That(
            await Say("systemctl --version | head -n 1"),
            Does.StartWith("systemd ").And.Contain(rootfs.SystemdVersion![..3])
        );
        Assert.That(
            await Say("systemctl is-system-running --wait; systemctl --failed --no-legend --plain"),
            Is.EqualTo("running")
        );
        Assert.That(
            await Say("systemctl show --property=LoadState,UnitFileState systemd-pstore"),
            Is.EqualTo("LoadState=loaded\nUnitFileState=enabled")
        );
        // Every module that we have of this kernel is modprobe's to load; ramoops stands for them.
        Assert.That(await Say("modprobe --show-depends ramoops"), Does.Contain($"/{kernel.Release}/ramoops.ko"));
        Assert.That(
            await Say("timeout 5 bash -c 'echo >/dev/tcp/10.0.2.2/22' 2>/dev/null && echo out || echo in"),
            Is.EqualTo("in"),
            "the guest reaches this machine"
        );
        await Say("echo written >/root/written; sync");

        Assert.That(
            () =>
                new SshNetClient(TimeProvider.System).ConnectAsync(
                    host with
                    {
                        ClientKey = hostKey,
                    },
                    Limit,
                    cancellation
                ),
            Throws.InstanceOf<PstoreLab.Harness.Faults.InfraException>().With.Message.Contains("Permission denied")
        );
        Assert.That(ListeningPorts(qemu.Id), Is.EqualTo(new[] { $"127.0.0.1:{host.Port}" }));

        await Say("systemctl --no-block poweroff");
        Assert.That((await qemu.Exit.WaitAsync(Limit, cancellation)).Code, Is.Zero);
        Assert.That(await DigestAsync(rootfs.Path), Is.EqualTo(before), "the disk under the overlay was written to");
        Assert.That(
            await File.ReadAllTextAsync(folder.In("console.log"), cancellation),
            Does.Contain("reboot: Power down").And.Not.Contain("login:").And.Not.Contain("\e]")
        );
    }

    private static async Task<byte[]> DigestAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await SHA256.HashDataAsync(file);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// What a process listens on: the sockets it has open, looked up in proc_net_tcp(5), where addresses are
    /// little-endian.
    /// </summary>
    private static IReadOnlyList<string> ListeningPorts(int pid)
    {
        var sockets = Directory
            .EnumerateFiles($"/proc/{pid}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? "")
            .ToHashSet();
        return
        [
            .. from table in new[] { "tcp", "tcp6", "udp", "udp6" }
            from line in File.ReadLines($"/proc/{pid}/net/{table}").Skip(1)
            let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where
                sockets.Contains($"socket:[{fields[9]}]")
                && (table.StartsWith("udp", StringComparison.Ordinal) || fields[3] == "0A")
            let address = fields[1].Split(':')
            select address[0] == "0100007F" ? $"127.0.0.1:{Convert.ToInt32(address[1], 16)}" : $"{table} {fields[1]}",
        ];
    }
}
