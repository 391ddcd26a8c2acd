namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// What a systemd guest has beside any other: its disks, a network card that leads to us and nowhere else, and words
/// for its kernel.
/// </summary>
public static class SystemdDevices
{
    /// <summary>The file of a seed that says which modules are loaded before systemd starts, one name a line.</summary>
    public const string EarlyModules = "/etc/pstorelab/early-modules";

    /// <summary>The port of the guest's SSH server in the guest.</summary>
    private const int Ssh = 22;

    /// <summary>QEMU's arguments for the disks.</summary>
    /// <param name="overlay">The case's overlay, a qcow2; like the seed, best relative to QEMU's working directory, for
    /// QEMU ends a name at a comma.</param>
    /// <param name="seed">The archive of its seed.</param>
    public static IReadOnlyList<string> Disks(string overlay, string seed) =>
        [
            // The guest's flushes are for a host that loses power; a QEMU that is killed leaves what it wrote with the
            // host's kernel.
            "-drive",
            $"if=none,id=root,format=qcow2,cache=unsafe,file={overlay}",
            "-device",
            "virtio-blk-pci,drive=root,serial=root",
            "-drive",
            $"if=none,id=seed,format=raw,readonly=on,file={seed}",
            "-device",
            "virtio-blk-pci,drive=seed,serial=seed",
        ];

    /// <summary>
    /// QEMU's arguments for the network card. The user network is restricted: the guest reaches neither this machine
    /// nor any other, and only what is forwarded from 127.0.0.1 reaches it.
    /// </summary>
    /// <param name="port">The port on 127.0.0.1 that leads to the guest's SSH server.</param>
    public static IReadOnlyList<string> Network(int port) =>
        [
            "-netdev",
            $"user,id=ssh,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:{Ssh}",
            "-device",
            "virtio-net-pci,netdev=ssh,romfile=",
        ];

    /// <summary>
    /// For the kernel's command line: the card keeps the name that the initramfs knows, and systemd leaves the console
    /// to the kernel. To a terminal that is not dumb it sends escape sequences all the same, in the middle of the
    /// kernel's lines (seen with 262). Emulation translates code for each address it lies at: with libraries at the
    /// same one in every program it has half as much to translate (norandmaps; 244,000 blocks against 543,000 of a
    /// trixie guest some seconds after it answered, QEMU 7.2, one boot each). What mitigations=off gains was never
    /// measured by itself.
    /// </summary>
    public static IReadOnlyList<string> KernelArguments { get; } =
    [
        "net.ifnames=0",
        "systemd.show_status=no",
        "systemd.tty.term.console=dumb",
        "TERM=dumb",
        "norandmaps",
        "mitigations=off",
    ];
}
