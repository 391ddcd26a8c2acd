namespace PstoreLab.Records.Salvage;

/// <summary>
/// How many bytes a lost range stood for: copies that reach over it bring the beginnings of lines, and letters that fit
/// their neighbours, with the right length alone.
/// </summary>
internal static class GapLength
{
    /// <summary>A byte that is not known.</summary>
    private const int Unknown = -1;

    // Of what is usual.
    private const int Longest = 10;

    private const double OddnessWeight = 20;

    /// <summary>The length with which what comes of it looks most like a kernel's log.</summary>
    /// <param name="before">The text before the range.</param>
    /// <param name="after">What is behind it.</param>
    /// <param name="usualLength">What a range of its size usually stands for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="isClear">Whether the next best is well behind.</param>
    public static int Find(
        byte[] before,
        IReadOnlyList<DeflateSymbol> after,
        int usualLength,
        CancellationToken cancellation,
        out bool isClear
    )
    {
        var model = new TextModel([before, .. LiteralsOf(after)]);
        int[] text = new int[after.Sum(symbol => symbol.Length)];
        int[] joins = JoinsOf(after);
        var found = new List<(int Gap, int Lines, double Letters, int Joins)>();
        for (int gap = 0; gap <= Longest * usualLength; gap++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryWrite(before, after, gap, text))
                continue;
            double letters = 0;
            int known = 0;
            foreach (int at in joins)
            {
                if ((text[at - 2] | text[at - 1] | text[at]) < 0)
                    continue;
                letters += model.Score(text[at - 2], text[at - 1], text[at]);
                known++;
            }
            found.Add((gap, LinePrefixes.Score(text), letters, known));
        }
        // What does not fit is no better than what is not known.
        double usual = found.Sum(one => one.Letters) / Math.Max(1, found.Sum(one => (double)one.Joins));
        var best = found
            .Select(one =>
                (one.Gap, Score: one.Lines + one.Letters - (usual * one.Joins) - Oddness(one.Gap, usualLength))
            )
            .OrderByDescending(one => one.Score)
            .Take(2)
            .ToArray();
        isClear = best.Length == 2 && best[0].Score > 0 && best[0].Score > 1.01 * best[1].Score;
        return best.Length == 0 ? 0 : best[0].Gap;
    }

    /// <summary>Writes the text behind a gap.</summary>
    /// <param name="before">The text before it.</param>
    /// <param name="after">What is behind it.</param>
    /// <param name="gap">Its length.</param>
    /// <param name="text">As long as all that comes of <paramref name="after"/>; what is copied out of the gap is
    /// negative: -1 for its first byte, and so on.</param>
    /// <returns>False where a copy would begin before all text.</returns>
    public static bool TryWrite(byte[] before, IReadOnlyList<DeflateSymbol> after, int gap, int[] text)
    {
        int at = 0;
        foreach (var symbol in after)
        {
            if (symbol.IsLiteral)
            {
                text[at++] = symbol.Value;
                continue;
            }

            for (int i = 0; i < symbol.Value; i++, at++)
            {
                int from = at - symbol.Distance;
                text[at] =
                    from >= 0 ? text[from]
                    : from >= -gap ? Unknown - (from + gap)
                    : from + gap + before.Length is >= 0 and var index ? before[index]
                    : int.MinValue;
                if (text[at] == int.MinValue)
                    return false;
            }
        }

        return true;
    }

    // Where others fit as well it is the one that a log of this kind has.
    private static double Oddness(int gap, int usualLength) =>
        OddnessWeight * Math.Abs(Math.Log((gap + 1.0) / (usualLength + 1)));

    // Within a copy letters fit in any case, and so do literals that follow one another.
    private static int[] JoinsOf(IReadOnlyList<DeflateSymbol> symbols)
    {
        var joins = new List<int>();
        int at = 0;
        bool isLiteral = false;
        foreach (var symbol in symbols)
        {
            if (!(symbol.IsLiteral && isLiteral))
                joins.AddRange(Enumerable.Range(at, Math.Min(2, symbol.Length)).Where(place => place >= 2));
            isLiteral = symbol.IsLiteral;
            at += symbol.Length;
        }

        return [.. joins];
    }

    private static IEnumerable<byte[]> LiteralsOf(IReadOnlyList<DeflateSymbol> symbols)
    {
        var run = new List<byte>();
        foreach (var symbol in symbols)
        {
            if (symbol.IsLiteral)
            {
                run.Add((byte)symbol.Value);
            }
            else if (run.Count > 0)
            {
                yield return [.. run];
                run.Clear();
            }
        }
    }
}
