using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>Error correction of one zone, in place (fs/pstore/ram_core.c, 5.10 to 7.2).</summary>
internal static class ZoneEcc
{
    /// <summary>Corrects the header, as <c>persistent_ram_init_ecc</c> does before it checks the header.</summary>
    /// <param name="zone">The whole zone; it is changed in place.</param>
    /// <param name="geometry">Geometry of the zone.</param>
    /// <returns>Number of corrected bytes of header and parity; null where they are beyond repair.</returns>
    public static int? CorrectHeader(Span<byte> zone, ZoneGeometry geometry) =>
        Correct(zone, 0, ZoneHeader.Size, geometry.HeaderParity, geometry.ParitySize);

    /// <summary>
    /// Corrects the blocks that the record touches, and no others, as <c>persistent_ram_ecc_old</c> does.
    /// </summary>
    /// <param name="zone">The whole zone; it is changed in place.</param>
    /// <param name="geometry">Geometry of the zone.</param>
    /// <param name="length">Bytes of valid data. They touch the first blocks, wherever the ring starts.</param>
    public static IReadOnlyList<EccBlock> CorrectData(Span<byte> zone, ZoneGeometry geometry, int length)
    {
        var blocks = new EccBlock[geometry.BlocksOf(length)];
        for (int index = 0; index < blocks.Length; index++)
        {
            int offset = index * ZoneGeometry.BlockSize;
            int size = geometry.BlockLength(index);
            int? corrected = Correct(
                zone,
                ZoneGeometry.Data + offset,
                size,
                geometry.Parity(index),
                geometry.ParitySize
            );
            blocks[index] = new EccBlock(index, offset, size, corrected);
        }
        return blocks;
    }

    public static void WriteHeader(Span<byte> zone, ZoneGeometry geometry)
    {
        if (geometry.ParitySize > 0)
            Code(geometry).Encode(zone[..ZoneHeader.Size], zone.Slice(geometry.HeaderParity, geometry.ParitySize));
    }

    /// <summary>
    /// Writes the parity of the blocks that the first bytes of the data touch. It covers complete blocks, with the
    /// bytes behind those.
    /// </summary>
    public static void WriteData(Span<byte> zone, ZoneGeometry geometry, int length)
    {
        for (int index = 0; index < geometry.BlocksOf(length); index++)
        {
            var block = zone.Slice(ZoneGeometry.Data + index * ZoneGeometry.BlockSize, geometry.BlockLength(index));
            Code(geometry).Encode(block, zone.Slice(geometry.Parity(index), geometry.ParitySize));
        }
    }

    private static int? Correct(Span<byte> zone, int data, int length, int parity, int paritySize) =>
        ReedSolomon.WithParity(paritySize).Decode(zone.Slice(data, length), zone.Slice(parity, paritySize));

    private static ReedSolomon Code(ZoneGeometry geometry) => ReedSolomon.WithParity(geometry.ParitySize);
}
