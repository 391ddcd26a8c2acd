using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>Compares a record's lines with the tail of the console that its kernel left.</summary>
internal static class TailComparison
{
    /// <summary>
    /// Every way in which the record is not the console's tail from some line to the last, each as a sentence; empty
    /// when it is complete.
    /// </summary>
    /// <param name="record">The record's text, first line first.</param>
    /// <param name="nonce">Of the crash: its marker lines must all be in the record.</param>
    /// <param name="markers">How many marker lines there are.</param>
    public static IReadOnlyList<string> Faults(ConsoleTail console, string record, string nonce, int markers)
    {
        var faults = new List<string>();
        var lines = LogLine.ParseAll(record).ToList();
        faults.AddRange(MarkerFaults(lines, nonce, markers));
        if (console.Lines.Count == 0)
            return [.. faults, "the console of the crash holds no kernel line to compare with"];
        if (lines.Count == 0)
            return [.. faults, "the record is empty"];
        faults.AddRange(LineFaults(console.Lines, console.Needed, lines));
        return faults;
    }

    /// <summary>
    /// As <see cref="Faults"/>, without the marker lines: a record may begin at any line of the console.
    /// </summary>
    public static IEnumerable<string> LineFaults(ConsoleTail console, string record) =>
        LogLine.ParseAll(record).ToList() is { Count: > 0 } lines
            ? LineFaults(console.Lines, console.Needed, lines)
            : ["the record is empty"];

    /// <summary>
    /// The faults in the marker lines of a record that drops the first lines: from its first marker line on, all
    /// must be there.
    /// </summary>
    public static IEnumerable<string> LastMarkerFaults(string record, string nonce, int markers)
    {
        var lines = LogLine.ParseAll(record).ToList();
        return MarkerFaults(lines, nonce, markers, Numbers(lines, nonce).DefaultIfEmpty(1).Min());
    }

    private static IEnumerable<int> Numbers(IEnumerable<LogLine> lines, string nonce) =>
        lines
            .Select(line => Marker.Parse(line.Text))
            .OfType<Marker>()
            .Where(marker => marker.Nonce == nonce)
            .Select(marker => marker.Number);

    private static IEnumerable<string> MarkerFaults(
        IReadOnlyList<LogLine> lines,
        string nonce,
        int markers,
        int first = 1
    )
    {
        var found = Numbers(lines, nonce).ToList();
        var missing = Enumerable.Range(first, Math.Max(0, markers - first + 1)).Except(found).ToList();
        if (missing.Count > 0)
            yield return $"{missing.Count} of {markers} marker lines are missing: "
                + $"{string.Join(", ", missing.Take(8))}{(missing.Count > 8 ? ", …" : "")}";
        var repeated = found
            .GroupBy(number => number)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToList();
        if (repeated.Count > 0)
            yield return $"marker lines are there more than once: {string.Join(", ", repeated)}";
        if (found.Zip(found.Skip(1)).Any(pair => pair.First > pair.Second))
            yield return "marker lines are out of order";
    }

    private static IEnumerable<string> LineFaults(IReadOnlyList<LogLine> console, int needed, List<LogLine> record)
    {
        int start = FindStart(console, record);
        if (start < 0)
        {
            yield return $"the record begins with a line that the console never showed: \"{Show(record[0])}\"";
            yield break;
        }

        int compared = Math.Min(record.Count, console.Count - start);
        for (int i = 0; i < compared; i++)
        {
            if (record[i].IsSameLineAs(console[start + i]))
                continue;
            yield return $"line {i + 1} of {record.Count} differs: the record has \"{Show(record[i])}\", the console "
                + $"\"{Show(console[start + i])}\"";
            yield break;
        }

        if (start + record.Count < needed)
        {
            var lost = console.Take(needed).Skip(start + record.Count).ToList();
            yield return $"the last {lost.Count} lines ({lost.Sum(line => line.Text.Length + 1)} bytes of text) are "
                + $"missing, ending with \"{Show(lost[^1])}\"";
        }
        else if (record.Count > compared)
        {
            yield return $"the record continues for {record.Count - compared} lines after the console's last, with "
                + $"\"{Show(record[compared])}\"";
        }
    }

    // A kernel may say the same twice in one tick of its clock: of the lines that are like the first, the one from
    // which on most is alike.
    private static int FindStart(IReadOnlyList<LogLine> console, List<LogLine> record)
    {
        var (start, longest) = (-1, 0);
        for (int i = console.Count - 1; i >= 0; i--)
        {
            int alike = 0;
            while (alike < record.Count && i + alike < console.Count && record[alike].IsSameLineAs(console[i + alike]))
                alike++;
            if (alike > longest)
                (start, longest) = (i, alike);
        }

        return start;
    }

    private static string Show(LogLine line) =>
        RecordText.ForDisplay(line.Timestamp is null ? line.Text : $"[{line.Timestamp}] {line.Text}");
}
