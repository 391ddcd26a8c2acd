namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Geometry of a zone: <c>[header 12][data][parity of each block][parity of the header]</c>
/// (<c>persistent_ram_init_ecc</c> in fs/pstore/ram_core.c, 5.10 to 7.2). All sizes are in bytes, and offsets count
/// from the beginning of the zone.
/// </summary>
internal readonly record struct ZoneGeometry
{
    /// <summary>Bytes of data in a block; no module parameter changes it.</summary>
    public const int BlockSize = 128;

    /// <summary>
    /// Largest parity of a block, in bytes. With more, data and parity exceed the code's 255 bytes, and the kernel hits
    /// a BUG.
    /// </summary>
    public const int MaxParity = GaloisField.Order - BlockSize;

    private ZoneGeometry(int dataSize, int blocks, int paritySize)
    {
        DataSize = dataSize;
        Blocks = blocks;
        ParitySize = paritySize;
    }

    /// <summary>Bytes of data, buffer_size of the kernel.</summary>
    public int DataSize { get; }

    /// <summary>Number of blocks. The last one may have no data, but its parity has its place.</summary>
    public int Blocks { get; }

    /// <summary>Bytes of parity of a block; 0 without error correction.</summary>
    public int ParitySize { get; }

    /// <summary>Offset of the data, behind the header.</summary>
    public const int Data = ZoneHeader.Size;

    public int HeaderParity => Parity(Blocks);

    public int Parity(int block) => Data + DataSize + block * ParitySize;

    public int BlockLength(int block) => Math.Min(BlockSize, DataSize - block * BlockSize);

    /// <summary>Number of blocks that the first bytes of the data touch.</summary>
    public int BlocksOf(int bytes) => ParitySize == 0 ? 0 : (bytes + BlockSize - 1) / BlockSize;

    /// <summary>Geometry of a zone of a size.</summary>
    /// <returns>Null where the zone has no room for header, parity and data: a kernel refuses such a zone.</returns>
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
