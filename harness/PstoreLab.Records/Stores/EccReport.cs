namespace PstoreLab.Records.Stores;

/// <summary>What error correction found in one record and corrected.</summary>
/// <param name="BlockSize">Bytes of data to one block of parity.</param>
/// <param name="ParitySize">Bytes of parity to one block; half as many damaged bytes can be corrected.</param>
/// <param name="HeaderCorrectedBytes">Mended in the zone's header, which has a block of its own.</param>
/// <param name="HeaderLost">The header is damaged beyond repair.</param>
/// <param name="Blocks">The data's blocks, in order; only those that the record's bytes touch, as the kernel decodes no
/// more.</param>
public sealed record EccReport(
    int BlockSize,
    int ParitySize,
    int HeaderCorrectedBytes,
    bool HeaderLost,
    IReadOnlyList<EccBlock> Blocks
)
{
    /// <summary>As the kernel counts: the header's corrected bytes with those of the data.</summary>
    public int CorrectedBytes => HeaderCorrectedBytes + Blocks.Sum(block => block.CorrectedBytes ?? 0);

    /// <summary>As the kernel counts: a lost header is a bad block.</summary>
    public int UnrecoverableBlocks => (HeaderLost ? 1 : 0) + Blocks.Count(block => block.CorrectedBytes is null);

    /// <summary>The notice that the kernel appends to the record.</summary>
    public EccNotice Notice => new(CorrectedBytes, UnrecoverableBlocks);
}

/// <summary>One block of data under error correction.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Offset">Of its first byte in the zone's data, in bytes.</param>
/// <param name="Length">In bytes; the last block is shorter.</param>
/// <param name="CorrectedBytes">How many were damaged and corrected, data and parity together; null when it is beyond
/// repair.</param>
public readonly record struct EccBlock(int Index, int Offset, int Length, int? CorrectedBytes);
