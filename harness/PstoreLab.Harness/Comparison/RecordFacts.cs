using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Comparison;

/// <summary>What can be said of a record of one run and holds for the next run, too.</summary>
/// <param name="Of">Which record it is: inspection, type and crash, and its number among those.</param>
/// <param name="Names">Its files' names, without the numbers that are those of a clock.</param>
/// <param name="Leeway">Bytes by which its size differs from run to run: each part ends with a whole line, so up to the
/// longest one for each.</param>
/// <param name="Ecc">What the kernel says of error correction; null where it says nothing.</param>
/// <param name="BeginsWithLog">Whether it goes back to the first line of the console: then its size is that of the log,
/// and says nothing of pstore.</param>
internal sealed partial record RecordFacts(
    string Of,
    string? Reason,
    int Parts,
    int Bytes,
    string Names,
    int Leeway,
    string? Ecc,
    bool BeginsWithLog
)
{
    /// <summary>The records of every inspection of a case.</summary>
    /// <param name="nonces">Of the case's crashes, in order.</param>
    public static IReadOnlyList<RecordFacts> In(CaseFolder folder, IReadOnlyList<string> nonces)
    {
        var beginnings = BootConsoles.Of(folder).Values.Select(FirstLine).OfType<LogLine>().ToList();
        return
        [
            .. RecordsIn(folder, nonces).Select(record => Fact(record.Of, record.Record, beginnings)),
            .. Inspections(folder).SelectMany(inspection => Foreign(inspection.Number, inspection.Files)),
        ];
    }

    /// <summary>The same as they are, each with what it is called: inspection, type, crash and number.</summary>
    public static IEnumerable<(string Of, FoundRecord Record)> RecordsIn(
        CaseFolder folder,
        IReadOnlyList<string> nonces
    ) =>
        from inspection in Inspections(folder)
        from kind in FoundRecord
            .In(inspection.Files, out _)
            .Where(record => !record.IsFiller)
            .GroupBy(record => Kind(record, nonces))
        from one in kind.Select((record, index) => (record, index))
        select (
            $"{Which(inspection.Number)}{kind.Key}{(one.index == 0 ? "" : $", number {one.index + 1}")}",
            one.record
        );

    private static IEnumerable<(int Number, IReadOnlyDictionary<string, byte[]> Files)> Inspections(CaseFolder folder)
    {
        for (int number = 1; EvidenceReader.IsFolderKept(folder.Records(new InspectionNumber(number))); number++)
            yield return (number, RecordSnapshot.Read(folder.Records(new InspectionNumber(number))));
    }

    private static IEnumerable<RecordFacts> Foreign(int inspection, IReadOnlyDictionary<string, byte[]> files)
    {
        _ = FoundRecord.In(files, out var foreign);
        return foreign.Select(name => new RecordFacts(
            $"{Which(inspection)}a file that is no record, {name}",
            null,
            1,
            files[name].Length,
            "",
            files[name].Length,
            null,
            false
        ));
    }

    private static string Which(int inspection) => inspection == 1 ? "" : $"inspection {inspection}: ";

    private static string Kind(FoundRecord record, IReadOnlyList<string> nonces)
    {
        int crash = nonces.ToList().FindIndex(record.IsOf) + 1;
        return crash > 0 ? $"the {record.Type} record of crash {crash}" : $"a {record.Type} record of no crash";
    }

    private static RecordFacts Fact(string of, FoundRecord record, IReadOnlyList<LogLine> beginnings) =>
        new(
            of,
            record.Header?.Reason,
            record.Parts.Count,
            record.Text.Length,
            string.Join(
                ", ",
                record
                    .Parts.Select(part => Clock().Replace(part.Name.ToString(), "N"))
                    .Distinct()
                    .Order(StringComparer.Ordinal)
            ),
            (LogLine.ParseAll(record.Text).Select(line => line.Text.Length).DefaultIfEmpty().Max() + LongestPrefix)
                * record.Parts.Count,
            record.Parts.Any(part => part.Ecc is not null) ? record.Ecc.ToString() : null,
            FirstLine(record.Text) is { } first && beginnings.Any(beginning => beginning.IsSameLineAs(first))
        );

    private static LogLine? FirstLine(string log) =>
        LogLine.ParseAll(log).Where(line => line.Timestamp is not null).Select(line => (LogLine?)line).FirstOrDefault();

    /// <summary>Level, time and caller before a line's text.</summary>
    private const int LongestPrefix = 32;

    [GeneratedRegex(@"\d{6,}")]
    private static partial Regex Clock();
}
