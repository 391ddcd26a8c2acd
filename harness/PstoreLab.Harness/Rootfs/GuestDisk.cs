namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// The disk of a guest with a user space of its own. It is read only: a case boots an overlay over it.
/// </summary>
/// <param name="Name">Its name in the catalogue, or what the user called it.</param>
/// <param name="Path">Of the disk; a file system without partitions where it is of the catalogue.</param>
/// <param name="Format">What the file is.</param>
/// <param name="SystemdVersion">The version of its systemd package, such as <c>252.39-1~deb12u2</c>; null where it is
/// not known.</param>
public sealed record GuestDisk(string Name, string Path, DiskFormat Format, string? SystemdVersion)
{
    /// <summary>Further kernel parameters for a boot over this disk.</summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    /// <summary>What is put into the guest at each boot besides.</summary>
    public IReadOnlyList<OwnFile> OwnFiles { get; init; } = [];
}

/// <summary>The formats of a disk, in the words of QEMU when written in lower case.</summary>
public enum DiskFormat
{
    Qcow2,
    Raw,
}
