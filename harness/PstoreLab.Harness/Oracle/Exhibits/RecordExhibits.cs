using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>
/// Each record of the kernel log that a case looked for, beside the console. It is found, and compared, by the same
/// code that judges it.
/// </summary>
internal sealed class RecordExhibits(AttemptEvidence evidence)
{
    /// <summary>Lines that are shown of a console that left no record.</summary>
    private const int LinesWithoutRecord = 40;

    private readonly RecordJudge _judge = new(evidence);
    private readonly Completeness _completeness = new(evidence);

    /// <summary>Each once, however often it was looked at.</summary>
    public IEnumerable<RecordExhibit> All() =>
        evidence
            .Inspections.Where(inspection => inspection.Expected.Records is not null)
            .SelectMany(Of)
            .DistinctBy(exhibit => (exhibit.Record, exhibit.Place, exhibit.Crash, exhibit.Lines.Count));

    private IEnumerable<RecordExhibit> Of(Inspection inspection)
    {
        string records = evidence.Folder.Records(inspection.Number);
        if (!EvidenceReader.IsFolderKept(records))
            yield break;
        var unclaimed = FoundRecord.In(RecordSnapshot.Read(records), out _).ToList();
        foreach (var expected in inspection.Expected.Records!)
        {
            var found =
                expected.Content == RecordContent.WholeOrBroken
                    ? null
                    : _judge.Claim(unclaimed, expected, inspection.Boot.Number);
            if (CrashOf(expected, found) is not { } crash || !IsOfTheLog(expected.Type))
                continue;
            if (found is not null)
                yield return Shown(found, expected, crash, inspection);
            else if (expected.Content != RecordContent.WholeOrBroken)
                yield return Missing(expected, crash, inspection);
        }

        foreach (var record in unclaimed.Where(record => IsOfTheLog(record.Type) && !record.IsFiller))
        {
            if (CrashOf(record) is { } crash)
                yield return Shown(record, null, crash, inspection);
        }
    }

    private RecordExhibit Shown(
        FoundRecord found,
        ExpectedRecord? expected,
        KeyValuePair<CrashNumber, ArmedCrash> crash,
        Inspection inspection
    ) => Exhibit(found, "pstorefs", expected, crash, inspection);

    private RecordExhibit Missing(
        ExpectedRecord expected,
        KeyValuePair<CrashNumber, ArmedCrash> crash,
        Inspection inspection
    )
    {
        var stored = evidence
            .Stores.ShownAt(inspection)
            .Records.FirstOrDefault(record => record.Type == expected.Type && record.IsOf(crash.Value.Nonce));
        if (stored is not null)
            return Exhibit(stored, "store", expected, crash, inspection);
        var console = ConsoleTail.Of(evidence.ConsoleOf(crash.Value), crash.Value.Nonce, crash.Value.LastLine);
        return Exhibit(
            "no record",
            "none",
            null,
            crash,
            inspection,
            ContentDifference.None,
            LineAlignment.WithoutRecord(console, LinesWithoutRecord)
        );
    }

    private RecordExhibit Exhibit(
        FoundRecord found,
        string place,
        ExpectedRecord? expected,
        KeyValuePair<CrashNumber, ArmedCrash> crash,
        Inspection inspection
    )
    {
        var losses = expected?.Content is RecordContent.WholeTail or RecordContent.Tail
            ? _completeness.Losses(found, expected, inspection.Boot.Number)
            : ContentDifference.None;
        return Exhibit(
            found.Names,
            place,
            found.Header?.Reason,
            crash,
            inspection,
            found.Fault is { } fault ? losses.And([$"it cannot be decompressed here either: {fault}"]) : losses,
            found.Fault is null ? Aligned(found, crash.Value) : new LineAlignment(0, [])
        );
    }

    private LineAlignment Aligned(FoundRecord found, ArmedCrash crash)
    {
        if (found.Type == RecordType.Dmesg)
            return TailComparison.Aligned(_completeness.TailOf(found, crash), found.Text);
        // A full ring begins in the middle of a line, which no console shows.
        var console = ConsoleTail.All(evidence.ConsoleOf(crash.Boot));
        var first = LogLine.ParseAll(found.Text).FirstOrDefault();
        int cut = found.Text.IndexOf('\n', StringComparison.Ordinal) + 1;
        return TailComparison.Aligned(
            console,
            console.Lines.Any(entry => entry.Shows(first)) ? found.Text : found.Text[cut..]
        );
    }

    private RecordExhibit Exhibit(
        string name,
        string place,
        string? reason,
        KeyValuePair<CrashNumber, ArmedCrash> crash,
        Inspection inspection,
        ContentDifference difference,
        LineAlignment alignment
    ) =>
        new(
            name,
            place,
            reason,
            crash.Key.Value,
            crash.Value.Boot.Value,
            inspection.Boot.Number.Value,
            Path.GetRelativePath(
                evidence.Folder.Root,
                crash.Value.OfCaptureKernel
                    ? evidence.Folder.Boot(crash.Value.Boot).CrashConsole
                    : evidence.Folder.Boot(crash.Value.Boot).Console
            ),
            difference.Faults,
            difference.Doubts,
            alignment.Before,
            alignment.Lines
        );

    private KeyValuePair<CrashNumber, ArmedCrash>? CrashOf(ExpectedRecord expected, FoundRecord? found) =>
        evidence.Crashes.TryGetValue(expected.Crash, out var crash) ? KeyValuePair.Create(expected.Crash, crash)
        : found is null ? null
        : CrashOf(found);

    private KeyValuePair<CrashNumber, ArmedCrash>? CrashOf(FoundRecord record)
    {
        foreach (var crash in evidence.Crashes)
        {
            if (record.IsOf(crash.Value.Nonce))
                return crash;
        }

        return null;
    }

    private static bool IsOfTheLog(string type) => type is RecordType.Dmesg or RecordType.Console;
}
