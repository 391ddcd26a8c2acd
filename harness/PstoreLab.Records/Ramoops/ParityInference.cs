namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Infers the number of parity bytes of an area's blocks from the headers of its zones, whose own parity lies at the
/// end of each zone (<c>persistent_ram_init_ecc</c> in fs/pstore/ram_core.c, 5.10 to 7.2).
/// </summary>
internal static class ParityInference
{
    // Headers that vote for a number of parity bytes.
    private const int Voters = 4;

    /// <summary>The number of parity bytes that a value of <c>ramoops.ecc</c> means.</summary>
    public static int ParityOf(long ecc) =>
        ecc == 1 ? RamoopsLayout.DefaultParity : (int)Math.Min(ecc, ZoneGeometry.MaxParity);

    /// <summary>
    /// Number of parity bytes that fits most of the first zones' headers, preferably the default; 0 for no ECC.
    /// </summary>
    /// <param name="map">Headers of the area.</param>
    /// <param name="spacing">Size of these zones, in bytes.</param>
    /// <param name="run">How many of them there are.</param>
    public static int Find(HeaderMap map, int spacing, int run)
    {
        int looked = 0;
        Span<int> votes = stackalloc int[ZoneGeometry.MaxParity + 1];
        for (int index = 0; index < run && looked < Voters; index++)
        {
            long at = (long)index * spacing;
            // Zeros are their own parity, of any number of bytes.
            if (map.IsUnwritten(at))
                continue;
            looked++;
            if (at + spacing > map.Image.Length)
                continue;
            // The parity of the header is the end of the zone. Header and parity together vanish at the roots 1 and 2,
            // for few other numbers by chance.
            var zone = map.Image.Slice((int)at, spacing);
            byte header1 = 0,
                header2 = 0,
                tail1 = 0,
                tail2 = 0;
            foreach (byte value in zone[..ZoneHeader.Size])
            {
                header1 ^= value;
                header2 = (byte)(GaloisField.Multiply(header2, 2) ^ value);
            }
            for (int parity = 1; parity < votes.Length; parity++)
            {
                tail1 ^= zone[^parity];
                tail2 ^= GaloisField.Multiply(zone[^parity], GaloisField.Power(parity - 1));
                if (
                    tail1 == header1
                    && tail2 == GaloisField.Multiply(header2, GaloisField.Power(parity))
                    && Fits(map, at, spacing, parity, correct: false)
                )
                    votes[parity]++;
            }
        }

        if (IsMajority(votes[RamoopsLayout.DefaultParity]))
            return RamoopsLayout.DefaultParity;
        for (int parity = 2; parity < votes.Length; parity++)
        {
            if (IsMajority(votes[parity]))
                return parity;
        }
        return Fits(map, 0, spacing, RamoopsLayout.DefaultParity, correct: true) ? RamoopsLayout.DefaultParity : 0;

        bool IsMajority(int fits) => fits > 0 && 2 * fits >= looked;
    }

    /// <summary>Whether the header of a zone has parity of so many bytes.</summary>
    /// <param name="map">Headers of the area.</param>
    /// <param name="at">Offset of the zone.</param>
    /// <param name="size">Size of the zone, in bytes.</param>
    /// <param name="parity">Number of parity bytes.</param>
    /// <param name="correct">Whether a header with wrong bits counts, if the parity makes it a right one.</param>
    public static bool Fits(HeaderMap map, long at, int size, int parity, bool correct)
    {
        if (at < 0 || at + size > map.Image.Length || ZoneGeometry.Of(size, parity) is not { } geometry)
            return false;
        Span<byte> header = stackalloc byte[ZoneHeader.Size];
        Span<byte> found = stackalloc byte[parity];
        map.Image.Slice((int)at, ZoneHeader.Size).CopyTo(header);
        map.Image.Slice((int)at + geometry.HeaderParity, parity).CopyTo(found);
        if (correct)
            return ReedSolomon.WithParity(parity).Decode(header, found) is not null
                && ZoneHeader.Read(header).Signature == ZoneHeader.Dbgc;
        Span<byte> expected = stackalloc byte[parity];
        ReedSolomon.WithParity(parity).Encode(header, expected);
        return expected.SequenceEqual(found);
    }
}
