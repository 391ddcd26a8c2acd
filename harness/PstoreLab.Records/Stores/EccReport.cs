namespace PstoreLab.Records.Stores;

/// <summary>
/// Result of the error correction of one record, in a ramoops zone with <c>ramoops.ecc</c>
/// (<c>persistent_ram_ecc_old</c> in fs/pstore/ram_core.c, 5.10 to 7.2).
/// </summary>
/// <param name="BlockSize">Bytes of data in a block.</param>
/// <param name="ParitySize">Bytes of parity of a block. Half as many damaged bytes can be corrected.</param>
/// <param name="HeaderCorrectedBytes">Corrected bytes of the zone's header and its parity.</param>
/// <param name="HeaderLost">Whether the header is damaged beyond repair.</param>
/// <param name="Blocks">The blocks of data that the record touches, in order. The kernel decodes no others.</param>
public sealed record EccReport(
    int BlockSize,
    int ParitySize,
    int HeaderCorrectedBytes,
    bool HeaderLost,
    IReadOnlyList<EccBlock> Blocks
)
{
    /// <summary>Corrected bytes of header and data, as the kernel counts them.</summary>
    public int CorrectedBytes => HeaderCorrectedBytes + Blocks.Sum(block => block.CorrectedBytes ?? 0);

    /// <summary>Blocks beyond repair. A lost header counts as one, as in the kernel.</summary>
    public int UnrecoverableBlocks => (HeaderLost ? 1 : 0) + Blocks.Count(block => block.CorrectedBytes is null);

    /// <summary>The notice that a kernel appends to the record.</summary>
    public EccNotice Notice => new(CorrectedBytes, UnrecoverableBlocks);
}

/// <summary>One block of data under error correction.</summary>
/// <param name="Index">Number of the block in its zone, from 0.</param>
/// <param name="Offset">Offset of its first byte in the zone's data, in bytes.</param>
/// <param name="Length">Its length in bytes; the last block of a zone is shorter.</param>
/// <param name="CorrectedBytes">Number of corrected bytes, data and parity together; null where the block is beyond
/// repair.</param>
public readonly record struct EccBlock(int Index, int Offset, int Length, int? CorrectedBytes);
