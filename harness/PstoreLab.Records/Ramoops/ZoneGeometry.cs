namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Where what lies in a zone: <c>[header 12][data][parity of each block][parity of the header]</c>
/// (<c>persistent_ram_init_ecc</c> in fs/pstore/ram_core.c, 5.10 to 7.2). All in bytes, offsets from the beginning of
/// the zone.
/// </summary>
internal readonly record struct ZoneGeometry
{
    /// <summary>Of data to one block of parity; no module parameter changes it.</summary>
    public const int BlockSize = 128;

    /// <summary>
    /// With more than this a block of data and its parity exceed the code's 255 bytes, and the kernel stops at a BUG.
    /// </summary>
    public const int LargestParity = GaloisField.Order - BlockSize;

    private ZoneGeometry(int dataSize, int blocks, int paritySize)
    {
        DataSize = dataSize;
        Blocks = blocks;
        ParitySize = paritySize;
    }

    /// <summary>What the kernel calls buffer_size.</summary>
    public int DataSize { get; }

    /// <summary>The last may have no data at all, but its parity has its place.</summary>
    public int Blocks { get; }

    /// <summary>Of one block; 0 without error correction.</summary>
    public int ParitySize { get; }

    /// <summary>Where the data begins, right behind the header.</summary>
    public const int Data = ZoneHeader.Size;

    public int HeaderParity => Parity(Blocks);

    public int Parity(int block) => Data + DataSize + block * ParitySize;

    public int BlockLength(int block) => Math.Min(BlockSize, DataSize - block * BlockSize);

    /// <summary>How many blocks the first bytes of the data touch.</summary>
    public int BlocksOf(int bytes) => ParitySize == 0 ? 0 : (bytes + BlockSize - 1) / BlockSize;

    /// <returns>Null when a zone of this size has no room for a header, its parity and some data: the kernel refuses to
    /// make one.</returns>
    public static ZoneGeometry? Of(int zoneSize, int paritySize)
    {
        int room = zoneSize - ZoneHeader.Size;
        if (paritySize == 0)
            return room > 0 ? new ZoneGeometry(room, 0, 0) : null;
        if (room <= paritySize)
            return null;
        int blocks = (room - paritySize + BlockSize + paritySize - 1) / (BlockSize + paritySize);
        int data = room - (blocks + 1) * paritySize;
        return data > 0 ? new ZoneGeometry(data, blocks, paritySize) : null;
    }
}
