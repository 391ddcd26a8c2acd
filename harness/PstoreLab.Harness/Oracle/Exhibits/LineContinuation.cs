using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>
/// Sets what is behind a first difference beside each other. The verdict does not rest on it: one difference is enough
/// for that, and a reader wants to see the others.
/// </summary>
internal static class LineContinuation
{
    // Further apart, two equal lines are hardly the same one.
    private const int Window = 400;

    /// <param name="at">The first line of the console that was not passed.</param>
    /// <param name="needed">The first line of the console from after the record was written.</param>
    /// <param name="line">The first line of the record that was not passed.</param>
    public static IEnumerable<AlignedLine> Of(
        IReadOnlyList<ConsoleEntry> console,
        int at,
        int needed,
        IReadOnlyList<LogLine> record,
        int line
    )
    {
        while (at < console.Count || line < record.Count)
        {
            if (at < console.Count && line < record.Count && console[at].Shows(record[line]))
            {
                yield return new AlignedLine(
                    AlignedLineKind.Same,
                    console[at++].Raw,
                    ConsoleEntry.ImageOf(record[line++])
                );
                continue;
            }

            var (lost, extra) = NextMeeting(console, at, record, line);
            foreach (var apart in Apart(console, at, lost, needed, record, line, extra))
                yield return apart;
            (at, line) = (at + lost, line + extra);
        }
    }

    /// <summary>Lines of each until both have the same again; all where they never do.</summary>
    private static (int Console, int Record) NextMeeting(
        IReadOnlyList<ConsoleEntry> console,
        int at,
        IReadOnlyList<LogLine> record,
        int line
    )
    {
        var (restOfConsole, restOfRecord) = (console.Count - at, record.Count - line);
        int farthest = Math.Min(Window, restOfConsole + restOfRecord);
        for (int both = 1; both <= farthest; both++)
        {
            for (int extra = Math.Max(0, both - restOfConsole + 1); extra <= both && extra < restOfRecord; extra++)
            {
                int lost = both - extra;
                if (lost < restOfConsole && Meets(console, at + lost, record, line + extra))
                    return (lost, extra);
            }
        }

        return (restOfConsole, restOfRecord);
    }

    // An empty line is found everywhere.
    private static bool Meets(IReadOnlyList<ConsoleEntry> console, int at, IReadOnlyList<LogLine> record, int line) =>
        record[line] is { } one && (one.Text.Length > 0 || one.Timestamp is not null) && console[at].Shows(one);

    private static IEnumerable<AlignedLine> Apart(
        IReadOnlyList<ConsoleEntry> console,
        int at,
        int lost,
        int needed,
        IReadOnlyList<LogLine> record,
        int line,
        int extra
    )
    {
        int pairs = Math.Min(Math.Min(lost, extra), Math.Max(0, needed - at));
        for (int i = 0; i < pairs; i++)
        {
            var (shown, kept) = (console[at + i], record[line + i]);
            string image = ConsoleEntry.ImageOf(kept);
            if (AreAlike(shown, kept, image))
            {
                yield return new AlignedLine(AlignedLineKind.Altered, shown.Raw, image);
                continue;
            }

            yield return new AlignedLine(AlignedLineKind.Lost, shown.Raw, null);
            yield return new AlignedLine(KindOf(record, line + i), null, image);
        }

        for (int i = pairs; i < lost; i++)
            yield return new AlignedLine(
                at + i < needed ? AlignedLineKind.Lost : AlignedLineKind.After,
                console[at + i].Raw,
                null
            );
        for (int i = pairs; i < extra; i++)
            yield return new AlignedLine(KindOf(record, line + i), null, ConsoleEntry.ImageOf(record[line + i]));
    }

    // The same time, or half of the text from either end.
    private static bool AreAlike(ConsoleEntry shown, LogLine kept, string image)
    {
        if (shown.Line.Timestamp is { } time && time == kept.Timestamp)
            return true;
        int begin = shown.Raw.AsSpan().CommonPrefixLength(image);
        int end = 0;
        while (end < Math.Min(shown.Raw.Length, image.Length) - begin && shown.Raw[^(end + 1)] == image[^(end + 1)])
            end++;
        return begin + end >= Math.Max(shown.Raw.Length, image.Length) / 2;
    }

    private static AlignedLineKind KindOf(IReadOnlyList<LogLine> record, int line)
    {
        for (int before = 0; before < line; before++)
        {
            if (record[before].IsSameLineAs(record[line]) && record[line].Text.Length > 0)
                return AlignedLineKind.Repeated;
        }

        return AlignedLineKind.Extra;
    }
}
