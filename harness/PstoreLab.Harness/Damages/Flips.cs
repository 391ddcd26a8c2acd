using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Damages;

/// <summary>Bytes and bits altered at places that a seed chooses.</summary>
internal static class Flips
{
    /// <summary>Offsets of all the bytes that may be hit.</summary>
    /// <param name="block">An ECC block of the data or the parity; null for all of the region.</param>
    /// <exception cref="RecordFormatException">There is no such region or block.</exception>
    public static int[] Candidates(StoredRecord record, RegionKind kind, int? block)
    {
        var regions = record.Regions.Where(region => region.Kind == kind).ToList();
        if (block is { } index)
            regions = [BlockOf(record, kind, regions, index)];
        int[] candidates = [.. regions.SelectMany(region => Enumerable.Range((int)region.Offset, region.Length))];
        return candidates.Length > 0
            ? candidates
            : throw new RecordFormatException($"{record.Place} has no {kind} to damage");
    }

    /// <summary>Gives so many different bytes another value.</summary>
    public static void Bytes(byte[] store, int[] candidates, int count, int seed)
    {
        var random = new Random(seed);
        foreach (int at in Chosen(random, candidates, count))
            store[at] ^= (byte)random.Next(1, 256);
    }

    /// <summary>Flips so many different bits.</summary>
    public static void Bits(byte[] store, int[] candidates, int count, int seed)
    {
        int[] bits = [.. candidates.SelectMany(at => Enumerable.Range(0, 8).Select(bit => at * 8 + bit))];
        foreach (int at in Chosen(new Random(seed), bits, count))
            store[at / 8] ^= (byte)(1 << at % 8);
    }

    private static int[] Chosen(Random random, int[] candidates, int count)
    {
        if (count > candidates.Length)
            throw new RecordFormatException($"there are {candidates.Length} places to hit, not {count}");
        // The first so many of a shuffle: no place twice.
        int[] all = [.. candidates];
        random.Shuffle(all);
        return all[..count];
    }

    private static StoreRegion BlockOf(StoredRecord record, RegionKind kind, List<StoreRegion> regions, int index)
    {
        if (record.Ecc is not { } ecc || regions.Count == 0 || ecc.Blocks.All(block => block.Index != index))
            throw new RecordFormatException($"{record.Place} has no ECC block {index}");
        var block = ecc.Blocks.First(block => block.Index == index);
        return kind == RegionKind.Parity
            ? new StoreRegion(kind, regions[0].Offset + (long)index * ecc.ParitySize, ecc.ParitySize)
            : new StoreRegion(
                kind,
                regions[0].Offset + block.Offset,
                (int)Math.Min(block.Length, regions[0].Length - block.Offset)
            );
    }
}
