using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>Holds one inspection's evidence against what was expected there.</summary>
internal sealed class InspectionJudge(
    Plan plan,
    CaseFolder folder,
    IReadOnlyDictionary<int, ArmedCrash> crashes,
    CycleLog cycle,
    RegisteredBackends registered,
    StoreEvidence stores,
    ExpectedListings expectedListings
)
{
    private readonly RecordJudge _records = new(plan, folder, crashes, cycle, registered, stores);

    public IReadOnlyList<Finding> Judge(Inspect inspect) =>
        [
            .. BackendFindings(inspect),
            .. RecordFindings(inspect),
            .. SystemdFindings(inspect),
            .. VmcoreFindings(inspect),
            .. ConsoleFindings(inspect),
        ];

    private IEnumerable<Finding> BackendFindings(Inspect inspect)
    {
        if (inspect.Registered is not { } expected)
            yield break;
        string? backend = registered.At(inspect);
        bool held = backend is null
            ? expected.Count == 0
            : expected.Any(glob => FileSystemName.MatchesSimpleExpression(glob, backend, ignoreCase: false));
        string what =
            $"boot {inspect.Boot} registered {(backend is null ? "no backend" : RecordText.ForDisplay(backend))}";
        yield return new Finding(
            held,
            "pstore",
            held ? what : $"{what}, not {(expected.Count == 0 ? "none" : string.Join(" or ", expected))}",
            inspect.Source
        );
    }

    private IEnumerable<Finding> RecordFindings(Inspect inspect) =>
        inspect.Records is null ? []
        : RecordSnapshot.Read(folder.Records(inspect.Number)) is { } files
            ? _records.Listing(inspect.Records, files, RecordPlace.Pstore, inspect)
        : [NeverMade(inspect)];

    private IEnumerable<Finding> SystemdFindings(Inspect inspect) =>
        inspect is { Archive: null, Journal: null, Archiver: null } ? []
        : SystemdSnapshot.Read(folder, inspect.Number) is { } systemd
            ? new ArchiveJudge(_records, expectedListings).Judge(inspect, systemd)
        : [NeverMade(inspect)];

    private IEnumerable<Finding> VmcoreFindings(Inspect inspect) =>
        inspect.Vmcore is null ? [] : [new VmcoreJudge(folder, crashes, cycle).Judge(inspect.Vmcore, inspect.Source)];

    private static Finding NeverMade(Inspect inspect) =>
        new(false, "cycle", $"inspection {inspect.Number} was never made", inspect.Source);

    private IEnumerable<Finding> ConsoleFindings(Inspect inspect)
    {
        if (inspect.Console.Count == 0 && inspect.ConsoleWithout.Count == 0)
            yield break;
        var console = BootConsole.Of(folder, inspect.Boot);
        foreach (string text in inspect.Console)
            yield return new Finding(
                console.LineWith(text) is not null,
                "console",
                Said(console, inspect.Boot, text, "never said"),
                inspect.Source
            );

        foreach (string text in inspect.ConsoleWithout)
            yield return new Finding(
                console.LineWith(text) is null,
                "console",
                Said(console, inspect.Boot, text, "did not say"),
                inspect.Source
            );
    }

    // The line as it stands: it is what somebody holds against another machine's log.
    private static string Said(BootConsole console, int boot, string text, string not) =>
        console.LineWith(text) is { } line ? $"boot {boot} said \"{line}\"" : $"boot {boot} {not} \"{text}\"";
}
