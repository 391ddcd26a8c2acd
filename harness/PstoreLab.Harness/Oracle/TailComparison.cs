using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle.Exhibits;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>Compares a record's lines with the tail of the console that its kernel left.</summary>
internal static class TailComparison
{
    // Between two lines of the kernel another writer leaves few that look like the kernel's.
    private const int LongestInterruption = 200;

    /// <summary>Every way in which the record is not the console's tail from some line to the last.</summary>
    /// <param name="record">The record's text, first line first.</param>
    /// <param name="nonce">Of the crash: its marker lines must all be in the record.</param>
    /// <param name="markers">How many marker lines there are.</param>
    public static ContentDifference Of(ConsoleTail console, string record, string nonce, int markers)
    {
        var faults = MarkerFaults([.. LogLine.ParseAll(record)], nonce, markers);
        var lines = OfLines(console, record);
        return lines with { Faults = [.. faults, .. lines.Faults] };
    }

    /// <summary>
    /// As <see cref="Of"/>, without the marker lines: a record may begin at any line of the console.
    /// </summary>
    public static ContentDifference OfLines(ConsoleTail console, string record)
    {
        var lines = LinesOf(console, record);
        return console.Lines.Count == 0
                ? ContentDifference.Of(["the console of the crash holds no kernel line to compare with"])
            : lines.Count == 0 ? ContentDifference.Of(["the record is empty"])
            : new Walk(console, lines).Difference();
    }

    /// <summary>
    /// The lines of both, side by side, as <see cref="OfLines"/> goes through them; behind the first difference they
    /// are only set beside each other, for a reader.
    /// </summary>
    public static LineAlignment Aligned(ConsoleTail console, string record)
    {
        var lines = LinesOf(console, record);
        if (lines.Count == 0 || console.Lines.Count == 0)
            return new LineAlignment(0, [.. LineContinuation.Of(console.Lines, 0, console.Needed, lines, 0)]);
        var walk = new Walk(console, lines);
        _ = walk.Difference();
        return walk.Aligned();
    }

    /// <summary>Whether the record begins with the first line that the kernel printed.</summary>
    public static bool IsFromTheBeginning(ConsoleTail console, string record) =>
        LinesOf(console, record) is [var first, ..] && console.Lines is [var begin, ..] && begin.Shows(first);

    /// <summary>
    /// The faults in the marker lines of a record that drops the first lines: from its first marker line on, all
    /// must be there.
    /// </summary>
    public static IEnumerable<string> LastMarkerFaults(string record, string nonce, int markers)
    {
        var lines = LogLine.ParseAll(record).ToList();
        return MarkerFaults(lines, nonce, markers, Numbers(lines, nonce).DefaultIfEmpty(1).Min());
    }

    // Without time stamps an empty line of the kernel cannot be told from one of the console's own.
    private static List<LogLine> LinesOf(ConsoleTail console, string record) =>
        [.. LogLine.ParseAll(record).Where(line => !console.IsWithoutTimes || line.Text.Length > 0)];

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

    /// <summary>Goes through the record and the console side by side.</summary>
    private sealed class Walk(ConsoleTail console, List<LogLine> record)
    {
        private readonly IReadOnlyList<ConsoleEntry> _console = console.Lines;
        private readonly List<string> _doubts = [];
        private readonly List<AlignedLine> _passed = [];
        private int _start;
        private int _at;
        private int _line;
        private LineDifference? _first;

        public ContentDifference Difference()
        {
            string[] faults = [.. Faults()];
            return new ContentDifference(faults, _doubts) { Line = _first };
        }

        /// <summary>What was passed, and what is behind it.</summary>
        public LineAlignment Aligned() =>
            new(_start, [.. _passed, .. LineContinuation.Of(_console, _at, console.Needed, record, _line)]);

        private IEnumerable<string> Faults()
        {
            int start = FindStart();
            if (start < 0)
            {
                (_start, _at) = (_console.Count, _console.Count);
                return [$"the record begins with a line that the console never showed: \"{Show(record[0])}\""];
            }

            (_start, _at) = (start, start);
            while (_line < record.Count && _at < _console.Count)
            {
                if (_console[_at].Shows(record[_line]))
                    Pass(AlignedLineKind.Same, consoleLines: 1, recordLines: 1);
                else if (!IsPassedOver())
                    return [Differs()];
            }

            return AtTheEnd();
        }

        private string Differs()
        {
            var (here, there) = QuotedLine.Apart(Whole(record[_line]), Whole(_console[_at].Line));
            _first = new LineDifference(_line + 1, there, here);
            return $"line {_line + 1} of {record.Count} differs: the record has \"{here}\", the console \"{there}\"";
        }

        private IEnumerable<string> AtTheEnd()
        {
            if (_line < record.Count)
            {
                _first = new LineDifference(_line + 1, null, Show(record[_line]));
                yield return $"the record continues for {record.Count - _line} lines after the console's last, with "
                    + $"\"{Show(record[_line])}\"";
            }
            else if (_at < console.Needed)
            {
                var lost = _console.Take(console.Needed).Skip(_at).Select(entry => entry.Line).ToList();
                _first = new LineDifference(_line + 1, Show(lost[0]), null);
                int bytes = lost.Sum(line => line.Text.Length + 1);
                yield return $"the last {lost.Count} lines ({bytes} bytes of text) are missing, ending with "
                    + $"\"{Show(lost[^1])}\"";
            }
        }

        /// <summary>Goes on behind a difference that need not be the record's.</summary>
        private bool IsPassedOver() => IsAnotherWriter() || IsLostOnTheConsole() || IsTornOnTheConsole();

        // Lines that only the console has. Whoever prints a whole line with a time stamp cannot be told from the
        // kernel, unless the time cannot be.
        private bool IsAnotherWriter()
        {
            if (!console.IsShared)
                return false;
            int more = 1;
            while (more <= LongestInterruption && !IsShown(_line, _at + more))
                more++;
            if (more > LongestInterruption)
                return false;
            var timely = _console.Skip(_at).Take(more).Where(entry => IsTimely(entry.Line.Timestamp)).ToList();
            if (timely.Count > 0)
                _doubts.Add(
                    $"the console has the line \"{Show(timely[0].Line)}\""
                        + (timely.Count == 1 ? "" : $" and {timely.Count - 1} more")
                        + ", which is the kernel's or that of a program in the guest: the record does not have it"
                );
            Pass(AlignedLineKind.OtherWriter, consoleLines: more, recordLines: 0);
            return true;
        }

        // Lines that only the record has.
        private bool IsLostOnTheConsole()
        {
            if (!console.HasDropped)
                return false;
            int more = 1;
            while (_line + more < record.Count && !IsShown(_line + more, _at))
                more++;
            if (_line + more == record.Count || Enumerable.Range(_line, more).Any(IsRepeated))
                return false;
            _doubts.Add(
                $"the console lacks {more} {(more == 1 ? "line" : "lines")} from \"{Show(record[_line])}\" on, and the "
                    + "kernel says that it dropped messages there"
            );
            Pass(AlignedLineKind.NotOnConsole, consoleLines: 0, recordLines: more);
            return true;
        }

        // One line of both.
        private bool IsTornOnTheConsole()
        {
            var (entry, line) = (_console[_at], record[_line]);
            // The next line may stand behind what was cut off.
            if (console.HasOtherProcessors && IsShown(_line + 1, _at) && entry.BeginsCutOff(line, record[_line + 1]))
            {
                _doubts.Add(Interrupted(entry, line));
                Pass(AlignedLineKind.NotOnConsole, consoleLines: 0, recordLines: 1);
                return true;
            }

            if (
                !IsShown(_line + 1, _at + 1)
                || !(
                    (console.HasOtherProcessors && entry.IsCutOff(line))
                    || (console.IsShared && entry.IsInterleavedWith(line))
                )
            )
                return false;
            _doubts.Add(Interrupted(entry, line));
            Pass(AlignedLineKind.Torn, consoleLines: 1, recordLines: 1);
            return true;
        }

        private void Pass(AlignedLineKind kind, int consoleLines, int recordLines)
        {
            for (int i = 0; i < Math.Max(consoleLines, recordLines); i++)
                _passed.Add(
                    new AlignedLine(
                        kind,
                        i < consoleLines ? _console[_at + i].Raw : null,
                        i < recordLines ? ConsoleEntry.ImageOf(record[_line + i]) : null
                    )
                );
            (_at, _line) = (_at + consoleLines, _line + recordLines);
        }

        private static string Interrupted(ConsoleEntry entry, LogLine line) =>
            $"the console has \"{RecordText.ForDisplay(entry.Raw)}\" where the record has \"{Show(line)}\": it was "
            + "interrupted there";

        private bool IsShown(int line, int at) =>
            line < record.Count && at < _console.Count && _console[at].Shows(record[line]);

        private bool IsRepeated(int line) => record.IndexOf(record[line]) < line;

        // Times of a kernel's log rise, but for what several processors print at once.
        private bool IsTimely(string? time) =>
            time is null
            || _line == 0
            || record[_line - 1].Timestamp is not { } before
            || record[_line].Timestamp is not { } after
            || (Seconds(time) >= Seconds(before) - 1 && Seconds(time) <= Seconds(after) + 1);

        private static decimal Seconds(string time) =>
            decimal.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

        // A kernel may say the same twice in one tick of its clock: of the lines that are like the first, the one from
        // which on most is alike.
        private int FindStart()
        {
            var (start, longest) = (-1, 0);
            for (int i = _console.Count - 1; i >= 0; i--)
            {
                int alike = 0;
                while (IsShown(alike, i + alike))
                    alike++;
                if (alike > longest)
                    (start, longest) = (i, alike);
            }

            return start;
        }
    }

    private static string Show(LogLine line) => QuotedLine.Of(Whole(line));

    private static string Whole(LogLine line) =>
        RecordText.ForDisplay(line.Timestamp is null ? line.Text : $"[{line.Timestamp}] {line.Text}");
}
