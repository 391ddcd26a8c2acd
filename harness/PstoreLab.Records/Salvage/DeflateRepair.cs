namespace PstoreLab.Records.Salvage;

/// <summary>
/// A stream of which one bit or one byte is wrong. Most other streams of its kind come back to what was read before,
/// after a few symbols, and break where that breaks: no more of them is read.
/// </summary>
internal static class DeflateRepair
{
    // In bytes of text: behind a wrong length the next copies are shifted, and these are seldom far.
    private const int Shift = 1024;

    /// <summary>
    /// All streams that differ in one bit and end where the data ends; where there is none, in one byte.
    /// </summary>
    /// <param name="data">Changed while this runs, and changed back.</param>
    /// <param name="broken">As far as it can be read.</param>
    /// <param name="limit">The most bytes that may come of one.</param>
    /// <param name="cancellation">Ends it.</param>
    public static IReadOnlyList<RepairedStream> Find(
        byte[] data,
        DeflatePath broken,
        int limit,
        CancellationToken cancellation
    )
    {
        var found = new List<RepairedStream>();
        for (int symbol = broken.Symbols.Count; symbol >= 0; symbol--)
        {
            for (int bit = broken.Before(symbol).Bit; bit < EndOf(symbol); bit++)
                Try(symbol, bit / 8, (byte)(1 << (bit % 8)), bit);
        }

        if (found.Count > 0)
            return found;
        for (int symbol = broken.Symbols.Count; symbol >= 0; symbol--)
        {
            for (int at = (broken.Before(symbol).Bit + 7) / 8; at < (EndOf(symbol) + 7) / 8; at++)
            {
                for (int difference = 3; difference < 256; difference++)
                {
                    if ((difference & (difference - 1)) != 0)
                        Try(symbol, at, (byte)difference, (at * 8) + 7);
                }
            }
        }

        return found;

        int EndOf(int symbol) =>
            Math.Min(
                symbol < broken.Symbols.Count ? broken.Before(symbol + 1).Bit : broken.EndBit + 1,
                data.Length * 8
            );

        void Try(int symbol, int at, byte difference, int lastBit)
        {
            cancellation.ThrowIfCancellationRequested();
            data[at] ^= difference;
            if (Read(data, broken, symbol, lastBit, limit) is { } path)
                found.Add(new RepairedStream(at, difference, symbol, path));
            data[at] ^= difference;
        }
    }

    /// <summary>
    /// All streams that differ in one bit, end where the data ends, and give a better log than one that does so, too:
    /// it came back to the symbols that were written, and what it copies from behind the damage is shifted.
    /// </summary>
    /// <param name="data">Changed while this runs, and changed back.</param>
    /// <param name="whole">The stream as it is.</param>
    /// <param name="limit">The most bytes that may come of one.</param>
    /// <param name="cancellation">Ends it.</param>
    public static IReadOnlyList<RepairedStream> FindByText(
        byte[] data,
        DeflatePath whole,
        int limit,
        CancellationToken cancellation
    )
    {
        var score = LogScore.Of(whole.Text([], whole.Symbols.Count));
        if (score.FirstBad < 0)
            return [];
        var found = new List<RepairedStream>();
        int first = whole.SymbolAt(Math.Max(0, score.FirstBad - Shift));
        int last = whole.SymbolAt(score.FirstBad + Shift);
        for (int symbol = first; symbol <= last; symbol++)
        {
            int end = symbol + 1 <= whole.Symbols.Count ? whole.Before(symbol + 1).Bit : whole.EndBit;
            for (int bit = whole.Before(symbol).Bit; bit < end; bit++)
            {
                cancellation.ThrowIfCancellationRequested();
                byte difference = (byte)(1 << (bit % 8));
                data[bit / 8] ^= difference;
                int history = whole.LengthBefore(symbol);
                var path = DeflatePath.Read(data, whole.Before(symbol), history, limit - history);
                data[bit / 8] ^= difference;
                if (!path.IsWhole(data.Length))
                    continue;
                var repaired = new RepairedStream(bit / 8, difference, symbol, path);
                if (LogScore.Of(repaired.TextBehind(whole)).Value > score.Value)
                    found.Add(repaired);
            }
        }
        return found;
    }

    private static DeflatePath? Read(byte[] data, DeflatePath broken, int symbol, int changed, int limit)
    {
        int history = broken.LengthBefore(symbol);
        var cursor = broken.Before(symbol);
        int length = history;
        // Beyond the damage it is rare enough to be read twice.
        while (cursor.Bit <= broken.EndBit + 64)
        {
            if (!cursor.TryNext(data, out var next, out var end))
            {
                if (end == DeflateEnd.Broken)
                    return null;
                break;
            }

            if (next.Distance > length || (length += next.Length) > limit)
                return null;
            if (cursor.Bit > changed && broken.Takes(cursor))
                return null;
        }

        var path = DeflatePath.Read(data, broken.Before(symbol), history, limit - history);
        return path.IsWhole(data.Length) ? path : null;
    }
}

/// <summary>A stream that differs from the data in one byte.</summary>
/// <param name="At">Offset of the byte.</param>
/// <param name="Difference">The bits that differ.</param>
/// <param name="Symbol">The first symbol of the broken path that is read anew.</param>
/// <param name="Path">From there.</param>
internal sealed record RepairedStream(int At, byte Difference, int Symbol, DeflatePath Path)
{
    /// <summary>All of its text.</summary>
    /// <param name="broken">The path that it left.</param>
    public byte[] TextBehind(DeflatePath broken) => Path.Text(broken.Text([], Symbol), Path.Symbols.Count);
}
