using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Compares what pstore brought back on a real machine with what its serial console showed. There is no plan, no
/// marker and no nonce: which boot a dump is of is found by its lines.
/// </summary>
public static class FieldJudge
{
    // Lines of the log that two boots have in common by chance: the same times, and the same text.
    private const int FewestLines = 3;
    private const double LeastShare = 0.2;

    /// <summary>Judges every dump, and finds the last panic that left none.</summary>
    /// <param name="console">The log of the console, with whatever a logger added; one character a byte.</param>
    /// <param name="dumps">The dumps of all records.</param>
    public static IReadOnlyList<FieldFinding> Judge(string console, IReadOnlyList<Dump> dumps)
    {
        var boots = SerialLog.Boots(console).Select(boot => new FieldBoot(boot)).ToList();
        if (boots.Count == 0)
            return
            [
                new(
                    Verdict.Infra,
                    "the console",
                    ["it has no line with a time of the kernel's, such as \"[    1.234567]\": nothing can be compared"]
                ),
            ];
        var findings = dumps.Select(dump => Of(dump, boots)).ToList();
        // Earlier ones may have been taken away before.
        if (boots.FindLast(boot => boot.Panic is not null) is { HasDump: false } silent)
            findings.Add(
                new(Verdict.Failed, "no dump", [$"the console shows \"{silent.Panic}\", and no record is of that boot"])
            );
        return findings;
    }

    private static FieldFinding Of(Dump dump, List<FieldBoot> boots)
    {
        string name = dump.Header is { } header
            ? $"{header.Reason}#{header.Count} of {dump.Backend}"
            : $"a dump of {dump.Backend}";
        var lines = LogLine
            .ParseAll(RunOf(dump))
            .Where(line => line.Text.Length > 0 || line.Timestamp is not null)
            .ToList();
        if (lines.Count == 0)
            return new(Verdict.Failed, name, ["there is no line in it that can be read"]);
        // The first line may be cut.
        var boot = boots.MaxBy(one => one.CountOf(lines))!;
        int shown = boot.CountOf(lines);
        int visible = boot.VisibleOf(lines).Count;
        if (shown == 0 || shown < Math.Min(FewestLines, visible) || shown < LeastShare * visible)
            return new(
                Verdict.Infra,
                name,
                [$"the console has no boot that it is of: of its {lines.Count} lines {shown} are there at most"]
            );
        // A dump whose header is lost is most likely of a panic, and is held to the more.
        string reason = dump.Header?.Reason ?? DumpReason.Panic;
        boot.HasDump |= reason == DumpReason.Panic;
        List<string> faults = [.. dump.MissingParts.Select(part => part.ToString())];
        var difference = boot.Compare(lines, reason);
        faults.AddRange(difference.Faults);
        return faults.Count > 0 ? new(Verdict.Failed, name, faults)
            : difference.Doubts.Count > 0 ? new(Verdict.Infra, name, difference.Doubts)
            : new(
                Verdict.Passed,
                name,
                [
                    $"whole: {lines.Count} lines{Span(lines)}, {boot.ShownOf(lines)} of them on the console, none is "
                        + "missing",
                ]
            );
    }

    // From the end of the log up to the first part that is missing.
    private static string RunOf(Dump dump)
    {
        var run = new List<string>();
        uint last = 0;
        foreach (var part in dump.Parts)
        {
            uint number = part.Header?.Part ?? part.PartByName ?? last + 1;
            if (last > 0 && number != last + 1)
                break;
            run.Insert(0, part.Text);
            last = number;
        }
        return string.Concat(run);
    }

    private static string Span(List<LogLine> lines)
    {
        var times = lines.Select(line => line.Timestamp).OfType<string>().ToList();
        return times.Count == 0 ? "" : $" from [{times[0]}] to [{times[^1]}]";
    }

    /// <summary>One boot of the console.</summary>
    private sealed class FieldBoot
    {
        private readonly ConsoleEntry[] _entries;
        private readonly ConsoleTail _all;
        private readonly ConsoleTail _tail;
        private readonly List<ConsoleEntry> _lines;
        private readonly HashSet<(string? Time, string Text)> _shown;

        public FieldBoot(BootConsole console)
        {
            _entries = [.. ConsoleEntry.ParseAll(console.Text)];
            _all = ConsoleTail.All(console);
            _tail = ConsoleTail.OfLastWords(console);
            _lines = [.. _all.Lines];
            _shown = [.. _all.Lines.Select(entry => (entry.Line.Timestamp, entry.Line.Text))];
            Panic = _all
                .Lines.Select(entry => entry.Line.Text)
                .LastOrDefault(text => text.StartsWith(CrashCatalogue.Panic, StringComparison.Ordinal));
        }

        /// <summary>The line of its panic; null where it had none.</summary>
        public string? Panic { get; }

        /// <summary>Whether a record of its end is there.</summary>
        public bool HasDump { get; set; }

        /// <summary>
        /// How many of the lines tell that it is this boot: those of time 0 are the same at every boot.
        /// </summary>
        public int CountOf(IEnumerable<LogLine> lines) => lines.Count(line => IsShown(line) && !IsOfTimeZero(line));

        public int ShownOf(IEnumerable<LogLine> lines) => lines.Count(IsShown);

        /// <summary>
        /// The lines that the console should have. It shows those of a level below its own
        /// (<c>suppress_message_printing</c> in kernel/printk/printk.c, 5.10 to 7.2), and the record has all. A panic
        /// and an oops raise the level: from then on all of them are shown.
        /// </summary>
        public IReadOnlyList<LogLine> VisibleOf(IReadOnlyList<LogLine> lines)
        {
            // What it shows of one level it shows of all that are more severe.
            int quietest = lines
                .Where(line => line.Level is not null)
                .GroupBy(line => line.Level!.Value)
                .Where(level => 2 * level.Count(IsShown) >= level.Count())
                .Select(level => level.Key)
                .DefaultIfEmpty(-1)
                .Max();
            return [.. lines.Where(line => line.Level is not { } level || level <= quietest || IsShown(line))];
        }

        /// <param name="lines">Of the dump, at least one of them on the console.</param>
        /// <param name="reason">One of <see cref="DumpReason"/>: it says where the dump ends.</param>
        public ContentDifference Compare(IReadOnlyList<LogLine> lines, string reason)
        {
            var visible = VisibleOf(lines).ToList();
            // A record may begin within a line, and before a logger was started.
            int first = visible.FindIndex(IsShown);
            bool isCut = first == 1 && visible[0].Priority is null;
            if (isCut || (first > 0 && _all.Lines[0].Shows(visible[first])))
                visible.RemoveRange(0, first);
            bool shared = IsSharedFrom(visible[0]);
            var begin = AtTheBeginning(lines, visible[0], shared);
            // A logger may have ended before the kernel did.
            int end = visible.FindLastIndex(line => _all.Lines[^1].Shows(line));
            bool endedBefore = end >= 0 && end < visible.Count - 1;
            if (endedBefore)
            {
                string more =
                    $"the console ends with \"{RecordText.ForDisplay(visible[end].Text)}\", and the record has "
                    + $"{visible.Count - 1 - end} more lines";
                begin = And(begin, new([], [more]));
                visible.RemoveRange(end + 1, visible.Count - 1 - end);
            }
            var (tail, unknown) = TailOf(visible[^1], reason);
            // Why the console ends where it does is said once.
            if (!endedBefore && unknown is not null)
                begin = And(begin, new([], [unknown]));
            string text = string.Concat(visible.Select(Format));
            return And(begin, TailComparison.OfLines(tail with { IsShared = shared }, text));
        }

        /// <summary>What of the console the dump must have, and why that is not known; null where it is.</summary>
        private (ConsoleTail Tail, string? Unknown) TailOf(LogLine last, string reason)
        {
            if (reason == DumpReason.Panic)
                return (_tail, Panic is null ? "the console of that boot shows no panic: it may end too early" : null);
            int at = _lines.FindLastIndex(entry => entry.Shows(last));
            // An oops is dumped behind its end marker (oops_exit in kernel/panic.c, 5.10 to 7.2); the kernel survives.
            if (reason == DumpReason.Oops)
            {
                int over = at < 0 ? -1 : _lines.FindIndex(at, entry => IsEndOfOops(entry.Line.Text));
                return (
                    _all with
                    {
                        Needed = (over < 0 ? at : over) + 1,
                    },
                    over < 0 ? "the console does not show the end of that oops" : null
                );
            }
            return (
                _all with
                {
                    Needed = at + 1,
                },
                at < _lines.Count - 1
                    ? $"the console goes on behind it, and nothing there says where a {reason} is dumped"
                    : null
            );
        }

        // The record may begin with lines that the console does not show, and lack one behind them that it does.
        private ContentDifference AtTheBeginning(IReadOnlyList<LogLine> lines, LogLine firstShown, bool shared)
        {
            int end = _lines.FindLastIndex(entry => entry.Shows(firstShown));
            if (end < 0 || lines.FirstOrDefault(line => line.Timestamp is not null).Timestamp is not { } begin)
                return ContentDifference.None;
            var lost = _all
                .Lines.Take(end)
                .Where(entry => entry.Line.Timestamp is { } time && Seconds(time) > Seconds(begin))
                .Select(entry => $"[{entry.Line.Timestamp}] {RecordText.ForDisplay(entry.Line.Text)}")
                .ToList();
            if (lost.Count == 0)
                return ContentDifference.None;
            string what =
                $"the console has {lost.Count} lines before the first that both have, from \"{lost[0]}\" on, "
                + "and the record, which begins earlier, does not";
            return shared ? new([], [what]) : new([what], []);
        }

        private static ContentDifference And(ContentDifference one, ContentDifference other) =>
            new([.. one.Faults, .. other.Faults], [.. one.Doubts, .. other.Doubts]);

        private static decimal Seconds(string time) =>
            decimal.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

        // Where nothing but the kernel's lines is, nobody else has written. Without times nothing tells them apart.
        private bool IsSharedFrom(LogLine line)
        {
            if (_all.IsWithoutTimes)
                return true;
            int start = Array.FindLastIndex(_entries, entry => entry.Shows(line));
            int end = Array.FindLastIndex(_entries, entry => entry.HasTime);
            return _entries[Math.Max(0, start)..(end + 1)]
                .Any(entry => !entry.HasTime && !string.IsNullOrWhiteSpace(entry.Raw));
        }

        private static bool IsOfTimeZero(LogLine line) => line.Timestamp is { } time && Seconds(time) == 0;

        private bool IsShown(LogLine line) => _shown.Contains((line.Timestamp, line.Text));

        private static bool IsEndOfOops(string text) => text.StartsWith("---[ end trace", StringComparison.Ordinal);

        private static string Format(LogLine line) =>
            (line.Priority is { } priority ? $"<{priority}>" : "")
            + (line.Timestamp is { } time ? $"[{time.PadLeft(12)}]" : "")
            + (line.Caller is { } caller ? $"[{caller.PadLeft(6)}]" : "")
            + (line.Timestamp is null && line.Caller is null ? "" : " ")
            + line.Text
            + "\n";
    }
}
