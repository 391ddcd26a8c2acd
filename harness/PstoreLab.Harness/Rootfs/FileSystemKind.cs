namespace PstoreLab.Harness.Rootfs;

/// <summary>What is on a disk or a partition, told by the bytes that its kind begins with.</summary>
/// <param name="Name">As users know it.</param>
/// <param name="HoldsRoot">Whether it may be a root file system that a kernel mounts as it is.</param>
internal sealed record FileSystemKind(string Name, bool HoldsRoot)
{
    public static readonly FileSystemKind Ext = new("ext4", HoldsRoot: true);

    // Offsets and magics as in include/uapi/linux/magic.h, fs/xfs/libxfs/xfs_format.h and fs/btrfs/fs.h (6.12); LUKS
    // and LVM as blkid knows them.
    private static readonly (long Offset, byte[] Magic, FileSystemKind Kind)[] Known =
    [
        (0x438, [0x53, 0xef], Ext),
        (0, "XFSB"u8.ToArray(), new("xfs", HoldsRoot: true)),
        (0x10040, "_BHRfS_M"u8.ToArray(), new("btrfs", HoldsRoot: true)),
        (0, [(byte)'L', (byte)'U', (byte)'K', (byte)'S', 0xba, 0xbe], new("LUKS", HoldsRoot: false)),
        (0x200, "LABELONE"u8.ToArray(), new("LVM", HoldsRoot: false)),
        (0x8001, "CD001"u8.ToArray(), new("a CD-ROM", HoldsRoot: false)),
        (0x36, "FAT"u8.ToArray(), new("FAT", HoldsRoot: false)),
        (0x52, "FAT32"u8.ToArray(), new("FAT", HoldsRoot: false)),
    ];

    /// <summary>The kind at an offset of a disk; null for none that is known.</summary>
    public static FileSystemKind? At(Stream disk, long offset)
    {
        foreach (var (place, magic, kind) in Known)
        {
            var found = new byte[magic.Length];
            disk.Position = offset + place;
            if (
                disk.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length
                && found.AsSpan().SequenceEqual(magic)
            )
                return kind;
        }
        return null;
    }
}
