using System.Buffers.Binary;

namespace PstoreLab.Harness.Rootfs;

/// <summary>A piece of a disk.</summary>
/// <param name="Number">Of the partition, as Linux counts; 0 for the disk itself.</param>
/// <param name="Offset">Of its first byte.</param>
internal readonly record struct DiskPart(int Number, long Offset);

/// <summary>
/// The partitions of a disk with sectors of 512 bytes: GPT (UEFI 2.10, section 5.3) or the four primary ones of an MBR
/// (section 5.2).
/// </summary>
internal static class PartitionTable
{
    private const int Sector = 512;

    private const int MaximumEntries = 128;

    private const byte Protective = 0xee;

    /// <summary>In the order of their numbers; none where there is no table.</summary>
    public static IReadOnlyList<DiskPart> Read(Stream disk)
    {
        var mbr = At(disk, 0, Sector);
        if (mbr is not [.., 0x55, 0xaa])
            return [];
        var primary = (
            from number in Enumerable.Range(1, 4)
            let entry = mbr[(446 + (number - 1) * 16)..]
            where entry[4] != 0
            select (
                Type: entry[4],
                Part: new DiskPart(number, Sector * (long)BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(8)))
            )
        ).ToList();
        // A boot sector without a table, as a file system's own has it, ends with the same two bytes.
        if (Enumerable.Range(0, 4).Any(index => mbr[446 + index * 16] is not 0 and not 0x80))
            return [];
        return primary.Any(entry => entry.Type == Protective) ? Gpt(disk) : [.. primary.Select(entry => entry.Part)];
    }

    private static IReadOnlyList<DiskPart> Gpt(Stream disk)
    {
        var header = At(disk, Sector, Sector);
        if (!header.AsSpan().StartsWith("EFI PART"u8))
            return [];
        long first = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(72));
        int count = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80)), MaximumEntries);
        int size = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(84));
        if (first is < 2 or > int.MaxValue || size is < 128 or > 4096)
            return [];
        var entries = At(disk, first * Sector, count * size);
        return
        [
            .. from index in Enumerable.Range(0, count)
            where (index + 1) * size <= entries.Length
            let entry = entries.AsMemory(index * size, size)
            where entry.Span[..16].ContainsAnyExcept((byte)0)
            let sector = BinaryPrimitives.ReadInt64LittleEndian(entry.Span[32..])
            where sector is > 0 and < long.MaxValue / Sector
            select new DiskPart(index + 1, sector * Sector),
        ];
    }

    private static byte[] At(Stream disk, long offset, int count)
    {
        var bytes = new byte[count];
        disk.Position = offset;
        return bytes[..disk.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    }
}
