namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// The kernel modules of a systemd guest, by their names with underscores; what a kernel has built in, or not at all,
/// is left out.
/// </summary>
public static class SystemdModules
{
    /// <summary>
    /// What it takes to reach the disk and the network card, loaded before systemd. ext4 asks for a crc32c by the name
    /// of its algorithm, which an initramfs without modprobe cannot answer (fs/ext4/super.c, ext4_fill_super, 5.10 to
    /// 6.12; later kernels have it built in).
    /// </summary>
    public static IReadOnlyList<string> Early { get; } =
    ["virtio_pci", "virtio_blk", "virtio_net", "crc32c_generic", "ext4"];

    /// <summary>What systemd itself asks for (src/core/kmod-setup.c) and Debian's kernels have as a module.</summary>
    public static IReadOnlyList<string> Systemd { get; } = ["autofs4"];

    /// <summary>
    /// Kernel options without which no systemd guest comes up, each <c>y</c> or <c>m</c>: of what systemd's README asks
    /// for, and of its disk and its card, those that a kernel for the initramfs guest lacks.
    /// </summary>
    public static IReadOnlyList<string> RequiredOptions { get; } =
    [
        "CONFIG_EXT4_FS",
        "CONFIG_VIRTIO_BLK",
        "CONFIG_VIRTIO_NET",
        "CONFIG_CGROUPS",
        "CONFIG_INET",
        "CONFIG_UNIX",
        "CONFIG_INOTIFY_USER",
        "CONFIG_FHANDLE",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Early, .. Systemd];
}
