using PstoreLab.Harness.Oracle.Exhibits;

namespace PstoreLab.Report.Pages;

/// <summary>Lines that are shown, or that are folded because nothing is to be seen in them.</summary>
/// <param name="Words">What is said in place of the lines; empty where they are shown.</param>
internal sealed record LineStretch(IReadOnlyList<AlignedLine> Lines, string Words)
{
    private const int Context = 3;
    private const int MostShown = 400;

    public bool IsFolded => Words.Length > 0;

    /// <summary>The lines around each difference, and the end, where a record is most wanted.</summary>
    public static IReadOnlyList<LineStretch> Of(IReadOnlyList<AlignedLine> lines)
    {
        var shown = new bool[lines.Count];
        int left = MostShown;
        for (int i = 0; i < lines.Count && left > 0; i++)
        {
            if (lines[i].Kind is AlignedLineKind.Same or AlignedLineKind.After)
                continue;
            left--;
            for (int near = Math.Max(0, i - Context); near <= Math.Min(lines.Count - 1, i + Context); near++)
                shown[near] = true;
        }

        int end = lines.ToList().FindLastIndex(line => line.Kind == AlignedLineKind.Same);
        for (int i = Math.Max(0, end - Context + 1); i <= end; i++)
            shown[i] = true;
        var stretches = new List<LineStretch>();
        int begin = 0;
        while (begin < lines.Count)
        {
            int over = begin;
            while (over < lines.Count && shown[over] == shown[begin])
                over++;
            AlignedLine[] own = [.. lines.Skip(begin).Take(over - begin)];
            stretches.Add(new LineStretch(own, shown[begin] ? "" : WordsOf(own)));
            begin = over;
        }

        return stretches;
    }

    private static string WordsOf(AlignedLine[] lines)
    {
        int different = lines.Count(line => line.IsDifference);
        int after = lines.Count(line => line.Kind == AlignedLineKind.After);
        return different > 0 ? $"… {lines.Length} lines, {different} of them different"
            : after == lines.Length ? $"… {Seen.Count(after, "line")} of the console from after the record was written"
            : $"… {Seen.Count(lines.Length, "line")}, the same";
    }
}
