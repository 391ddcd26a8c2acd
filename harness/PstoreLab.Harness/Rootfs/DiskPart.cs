namespace PstoreLab.Harness.Rootfs;

/// <summary>A partition of a disk.</summary>
/// <param name="Number">As Linux counts.</param>
/// <param name="Offset">Of its first byte.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct DiskPart(int Number, long Offset, long Size);
