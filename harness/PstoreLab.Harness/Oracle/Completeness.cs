using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// The expected content of a record, from the written text and the room in the store; its missing part, and which side
/// lost it.
/// </summary>
internal sealed class Completeness(AttemptEvidence evidence)
{
    public const string Whole = "whole to the last line";

    /// <summary>Every way in which it is not what it should be, each as a sentence; empty when it is whole.</summary>
    /// <param name="boot">The boot that shows it.</param>
    public IReadOnlyList<string> Losses(FoundRecord record, ExpectedRecord expected, BootNumber boot)
    {
        var crash = evidence.Crashes[expected.Crash];
        return expected.Type switch
        {
            RecordType.Console or RecordType.Pmsg => Written(expected) is { Unknown: { } unknown }
                ? [unknown]
                :
                [
                    .. RingComparison.Faults(
                        Written(expected).Text,
                        record.Text,
                        RingOf(expected.Type, boot)?.IsFull ?? false
                    ),
                ],
            RecordType.Ftrace => [.. CallComparison.Faults(record.Text, CallsOf(boot))],
            RecordType.Mce =>
            [
                .. MachineCheckComparison.Faults(evidence.ConsoleOf(crash.Boot).Text, RecordText.ToBytes(record.Text)),
            ],
            _ => TailComparison.Faults(
                ConsoleTail.Of(evidence.ConsoleOf(crash).Text, crash.Nonce, crash.LastLineFor(record.Header?.Reason)),
                record.Text,
                crash.Nonce,
                expected.Content == RecordContent.Tail ? 0 : crash.Markers
            ),
        };
    }

    /// <summary>All that went into the ring in the boot of the crash.</summary>
    private UserMessages Written(ExpectedRecord expected) =>
        evidence.Crashes[expected.Crash].Boot is var boot && expected.Type == RecordType.Pmsg
            ? UserMessages.Of(evidence.Plan.BootOf(boot), evidence.Folder)
            : new UserMessages(evidence.ConsoleOf(boot).KernelLog, null);

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
                    .Select(record => (FtraceLog.Parse(record.Payload.Span), record.IsFull))
                    .Where(zone => zone.Item1.Count > 0),
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
        return lost.Count == 0 ? ("pstorefs", "lost by the reader: the store holds all of it")
            : lost.SequenceEqual(shown) ? ("store", "lost by the writer: the store holds no more")
            : ("store", $"in the store: {string.Join("; ", lost)}");
    }

    /// <summary>The description of a complete record.</summary>
    public string InFull(FoundRecord found, ExpectedRecord expected, BootNumber boot) =>
        expected.Type switch
        {
            RecordType.Console or RecordType.Pmsg when RingOf(expected.Type, boot) is { IsFull: true } =>
                $"the last of the {Written(expected).Text.Length} bytes that were written",
            RecordType.Console or RecordType.Pmsg => "all that was written",
            RecordType.Mce => "the machine check that the console shows",
            RecordType.Ftrace => "every call of a known function on CPU "
                + $"{string.Join(", ", CallsOf(boot).Select(zone => zone.Entries[0].Cpu).Order())}",
            _ => Whole,
        };
}
