namespace PstoreLab.Harness.Rootfs;

/// <summary>What a disk or a partition holds.</summary>
/// <param name="Type">blkid's word for it; null for nothing that it knows.</param>
/// <param name="HasTable">Whether there is a partition table.</param>
internal sealed record DiskContent(string? Type, bool HasTable)
{
    private const string AmbivalentType = "ambivalent";

    public static readonly DiskContent Unknown = new(null, HasTable: false);

    /// <summary>blkid does not choose between several.</summary>
    public static readonly DiskContent Ambivalent = new(AmbivalentType, HasTable: false);

    /// <summary>Whether debugfs can look into it.</summary>
    public bool IsExt => Type is "ext2" or "ext3" or "ext4";

    /// <summary>Whether it may be a root file system that a kernel mounts as it is.</summary>
    public bool MayBeRoot => IsExt || Type is "xfs" or "btrfs";

    /// <summary>As users know it.</summary>
    public string Name =>
        Type switch
        {
            null => "not known",
            AmbivalentType => "of several kinds at once (`wipefs` lists them)",
            "crypto_LUKS" => "LUKS",
            "LVM2_member" => "LVM",
            "iso9660" => "a CD-ROM",
            "vfat" => "FAT",
            _ => Type,
        };
}
