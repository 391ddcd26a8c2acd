using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// The expected content of a record, from the written text and the room in the store; its missing part, and which side
/// lost it.
/// </summary>
internal sealed class Completeness(AttemptEvidence evidence)
{
    public const string Whole = "whole to the last line";

    private readonly DumpReach _reach = new(evidence);

    /// <summary>Every way in which it is not what it should be; none when it is whole.</summary>
    /// <param name="boot">The boot that shows it.</param>
    public ContentDifference Losses(FoundRecord record, ExpectedRecord expected, BootNumber boot)
    {
        var crash = evidence.Crashes[expected.Crash];
        return expected.Type switch
        {
            RecordType.Console => InConsoleRing(record, crash, boot),
            RecordType.Pmsg => UserMessages.Of(evidence.Plan.BootOf(crash.Boot), evidence.Folder) is var written
            && written.Unknown is { } unknown
                ? ContentDifference.Of([unknown])
                : ContentDifference.Of(RingComparison.Faults(written.Text, record.Text, IsFull(expected.Type, boot))),
            RecordType.Ftrace => ContentDifference.Of(CallComparison.Faults(record.Text, CallsOf(boot))),
            RecordType.Mce => ContentDifference.Of(
                MachineCheckComparison.Faults(evidence.ConsoleOf(crash.Boot).Text, RecordText.ToBytes(record.Text))
            ),
            _ => InDump(record, expected, crash, boot),
        };
    }

    private ContentDifference InDump(FoundRecord record, ExpectedRecord expected, ArmedCrash crash, BootNumber boot)
    {
        var console = TailOf(record, crash);
        bool isTail = expected.Content == RecordContent.Tail;
        var lines = TailComparison.Of(console, record.Text, crash.Nonce, isTail ? 0 : crash.Markers);
        if (isTail)
            return lines;
        var reach = _reach.Of(record, expected, console, boot);
        return lines with
        {
            Faults = [.. lines.Faults, .. Sentence(reach.Fault)],
            Doubts = [.. lines.Doubts, .. Sentence(reach.Doubt)],
        };
    }

    private static string[] Sentence(string? sentence) => sentence is null ? [] : [sentence];

    /// <summary>The console that a dump is compared with.</summary>
    public ConsoleTail TailOf(FoundRecord record, ArmedCrash crash) =>
        ConsoleTail.Of(evidence.ConsoleOf(crash), crash.Nonce, crash.LastLineFor(record.Header?.Reason));

    /// <summary>The ring gets what the kernel prints, and nothing of what others write to the serial console.</summary>
    private ContentDifference InConsoleRing(FoundRecord record, ArmedCrash crash, BootNumber boot)
    {
        var console = evidence.ConsoleOf(crash.Boot);
        bool full = IsFull(RecordType.Console, boot);
        var faults = RingComparison.Faults(console.KernelLog, record.Text, full).ToList();
        if (faults.Count == 0 || !console.IsShared)
            return ContentDifference.Of(faults);
        var lines = ConsoleTail.All(console);
        // A full ring begins in the middle of a line.
        string text = full ? record.Text[(record.Text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : record.Text;
        return TailComparison
            .OfLines(lines, text)
            .And(
                full || TailComparison.IsFromTheBeginning(lines, text)
                    ? []
                    : ["its first lines are missing, although the ring had room for more"]
            );
    }

    private bool IsFull(string type, BootNumber boot) => RingOf(type, boot)?.IsFull ?? false;

    private StoredRecord? RingOf(string type, BootNumber boot) =>
        evidence
            .Stores.FoundBy(boot)
            .Store?.Records.FirstOrDefault(record => record.State == RecordState.Live && record.Name.Type == type);

    private IReadOnlyList<(IReadOnlyList<FtraceEntry> Entries, bool Full)> CallsOf(BootNumber boot) =>
        evidence.Stores.FoundBy(boot).Store is not { } store
            ? []
            :
            [
                .. store
                    .Records.Where(record => record is { State: RecordState.Live, Name.Type: RecordType.Ftrace })
                    .Select(record => (Calls: FtraceFormat.Usual.Parse(record.Payload.Span), record.IsFull))
                    .Where(zone => zone.Calls.Count > 0),
            ];

    /// <summary>Whether the writer lost it on the way into the store, or the reader on the way out.</summary>
    public (string Layer, string Sentence) LayerOfLoss(
        ExpectedRecord expected,
        IReadOnlyList<string> shown,
        BootNumber boot
    )
    {
        var found = evidence.Stores.FoundBy(boot);
        if (found.Store is null)
            return ("pstorefs", found.Fault!);
        if (
            found.Records.FirstOrDefault(record =>
                record.Type == expected.Type && record.IsOf(evidence.Crashes[expected.Crash].Nonce)
            )
            is not { } stored
        )
            return ("store", "the store holds nothing more of it");
        var lost = Losses(stored, expected, boot);
        return lost.Faults.Count == 0 ? ("pstorefs", "lost by the reader: the store holds all of it")
            : lost.Faults.SequenceEqual(shown) ? ("store", $"{Lost(boot)}: the store holds no more")
            : ("store", $"in the store: {string.Join("; ", lost.Faults)}");
    }

    private string Lost(BootNumber boot) =>
        evidence.Plan.IsDamagedBefore(boot) ? "lost by the writer or by the damage since" : "lost by the writer";

    /// <summary>The description of a complete record.</summary>
    public string InFull(FoundRecord found, ExpectedRecord expected, BootNumber boot) =>
        expected.Type switch
        {
            RecordType.Console or RecordType.Pmsg when IsFull(expected.Type, boot) => "the last that was written",
            RecordType.Console or RecordType.Pmsg => "all that was written",
            RecordType.Mce => "the machine check that the console shows",
            RecordType.Ftrace => "every call of a known function on CPU "
                + $"{string.Join(", ", CallsOf(boot).Select(zone => zone.Entries[0].Cpu).Order())}",
            _ => Whole + ReachOf(found, expected, boot),
        };

    private string ReachOf(FoundRecord found, ExpectedRecord expected, BootNumber boot) =>
        _reach.Of(found, expected, TailOf(found, evidence.Crashes[expected.Crash]), boot).Words;
}
