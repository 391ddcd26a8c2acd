using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>Compares one inspection's evidence with its expectation.</summary>
internal sealed class InspectionJudge(AttemptEvidence evidence)
{
    private readonly RecordJudge _records = new(evidence);

    public IReadOnlyList<Finding> Judge(Inspection inspection) =>
        [
            .. FailureFindings(inspection),
            .. BackendFindings(inspection),
            .. RecordFindings(inspection),
            .. SystemdFindings(inspection),
            .. VmcoreFindings(inspection),
            .. ConsoleFindings(inspection),
        ];

    /// <summary>A guest that can be looked at has not failed.</summary>
    private static IEnumerable<Finding> FailureFindings(Inspection inspection) =>
        inspection.Expected.FailsWith is { } text
            ? [new Finding(false, "cycle", $"the kernel did not fail with \"{text}\"", inspection.Source)]
            : [];

    private IEnumerable<Finding> BackendFindings(Inspection inspection)
    {
        if (inspection.Expected.Registered is not { } expected)
            yield break;
        string? backend = evidence.Registered.At(inspection);
        bool held = backend is null
            ? expected.Count == 0
            : expected.Any(glob => FileSystemName.MatchesSimpleExpression(glob, backend, ignoreCase: false));
        string what =
            $"boot {inspection.Boot.Number} registered "
            + (backend is null ? "no backend" : RecordText.ForDisplay(backend));
        yield return new Finding(
            held,
            "pstorefs",
            held ? what : $"{what}, not {(expected.Count == 0 ? "none" : string.Join(" or ", expected))}",
            inspection.Source
        );
    }

    private IEnumerable<Finding> RecordFindings(Inspection inspection) =>
        inspection.Expected.Records is { } expected
            ? _records.Listing(
                expected,
                RecordSnapshot.Read(evidence.Folder.Records(inspection.Number)),
                RecordPlace.Pstorefs,
                inspection
            )
            : [];

    private IEnumerable<Finding> SystemdFindings(Inspection inspection) =>
        inspection.Expected is { Archive: null, Journal: null, Archiver: null }
            ? []
            : new ArchiveJudge(_records, evidence.Listings).Judge(
                inspection,
                SystemdSnapshot.Read(evidence.Folder, inspection.Number)
                    ?? throw new EvidenceException(evidence.Folder.Systemd(inspection.Number), "is missing")
            );

    private IEnumerable<Finding> VmcoreFindings(Inspection inspection) =>
        inspection.Expected.Vmcore is null
            ? []
            : [new VmcoreJudge(evidence).Judge(inspection.Expected.Vmcore, inspection.Source)];

    private IEnumerable<Finding> ConsoleFindings(Inspection inspection)
    {
        if (inspection.Expected.Console.Count == 0 && inspection.Expected.ConsoleWithout.Count == 0)
            yield break;
        var console = evidence.ConsoleOf(inspection.Boot.Number);
        foreach (string text in inspection.Expected.Console)
            yield return new Finding(
                console.LineWith(text) is not null,
                "console",
                Said(console, inspection.Boot.Number, text, "never said"),
                inspection.Source
            );

        foreach (string text in inspection.Expected.ConsoleWithout)
            yield return new Finding(
                console.LineWith(text) is null,
                "console",
                Said(console, inspection.Boot.Number, text, "did not say"),
                inspection.Source
            );
    }

    // The line as it stands, so that it can be compared with another machine's log.
    private static string Said(BootConsole console, BootNumber boot, string text, string not) =>
        console.LineWith(text) is { } line ? $"boot {boot} said \"{line}\"" : $"boot {boot} {not} \"{text}\"";
}
