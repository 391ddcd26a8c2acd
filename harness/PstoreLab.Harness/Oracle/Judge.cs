using System.Globalization;
using System.Text.Json;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Oracle;

/// <summary>Judges an attempt from its case folder alone: no QEMU, no memory of the run.</summary>
public static class Judge
{
    /// <param name="absenceOf">Why a compression cannot be undone on this machine;
    /// <see cref="RecordCompression.AbsenceOf"/> when left out.</param>
    /// <exception cref="UsageException">The folder is not that of a case.</exception>
    public static Judgement Of(CaseFolder folder, Func<CompressionMethod, string?>? absenceOf = null)
    {
        try
        {
            var plan =
                EvidenceJson.Read<Plan>(folder.Plan)
                ?? throw new UsageException($"{folder.Root} has no plan.json; name a case folder of a run");
            if (EvidenceJson.Read<CycleLog>(folder.Cycle) is not { } cycle)
                return new Judgement(Verdict.Infra, "the attempt was cut off: it left no cycle.json", []);
            PstoreCompression.RequireLibraries(plan, absenceOf ?? RecordCompression.AbsenceOf);
            return Of(plan, cycle, folder);
        }
        catch (UnsupportedException e)
        {
            return new Judgement(Verdict.Unsupported, e.Message, []);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InfraException)
        {
            throw new UsageException($"{folder.Root}: the evidence is damaged: {e.Message}", e);
        }
    }

    /// <summary>Judges a case whose run is over, and sets what comes of it beside what was said then.</summary>
    /// <exception cref="UsageException">The folder is not that of a case.</exception>
    public static JudgedCase Again(CaseFolder folder)
    {
        var judgement = Of(folder);
        return new JudgedCase(
            EvidenceJson.Read<Plan>(folder.Plan)!.Case,
            folder.Root,
            judgement,
            VerdictBefore(folder)
        );
    }

    // What was said before is of no weight here: damaged or missing, it is only not compared with.
    private static Verdict? VerdictBefore(CaseFolder folder)
    {
        try
        {
            return EvidenceJson.Read<Judgement>(folder.Verdict)?.Verdict;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Judgement Of(Plan plan, CycleLog cycle, CaseFolder folder)
    {
        if (cycle.Ending == CycleEnding.Infra)
            return new Judgement(Verdict.Infra, cycle.Reason ?? "", []);
        if (cycle.Ending == CycleEnding.CrashStalled)
            return new Judgement(
                Verdict.Failed,
                cycle.Reason ?? "",
                [new Finding(false, "cycle", cycle.Reason ?? "", "")]
            );
        var stores = new StoreEvidence(folder, plan);
        var expectedListings = new ExpectedListings(plan, stores);
        var registered = new RegisteredBackends(plan, folder, cycle);
        var judge = new InspectionJudge(plan, folder, ArmedCrash.Of(plan), cycle, registered, stores, expectedListings);
        var inspections = plan.Steps.OfType<Inspect>().ToList();
        if (inspections.Count == 0)
            return new Judgement(Verdict.Error, "the plan expects nothing, so nothing can be judged", []);
        var storeAgainstPstorefs = new StoreAgainstPstorefs(plan, folder, registered, stores, expectedListings);
        // Whatever a bug is said to do, the store's bytes and what is shown of them have to agree, and what was to be
        // damaged has to be.
        Finding[] foundation =
        [
            .. DamageFindings(plan, folder),
            .. CutFindings(plan, cycle),
            .. inspections.SelectMany(storeAgainstPstorefs.Findings),
            .. plan.Others.Select(other => LeftAlone(other, stores)),
        ];
        Finding[] findings = [.. inspections.SelectMany(judge.Judge), .. CommandFindings(plan, folder), .. foundation];
        return plan.Known.Count == 0 || foundation.Any(finding => !finding.Held)
            ? ByFindings(findings)
            : ByKnownBugs(plan.Known, inspections[^1], judge, findings);
    }

    private static IEnumerable<Finding> CommandFindings(Plan plan, CaseFolder folder)
    {
        foreach (var step in plan.Steps.OfType<RunInGuest>())
        {
            string path = folder.Run(step.Number);
            string[] said = File.Exists(path) ? RecordText.FromBytes(File.ReadAllBytes(path)).Split('\n', 2) : [""];
            string what = $"`{step.Command}` ended with {(said[0].Length == 0 ? "nothing" : $"exit code {said[0]}")}";
            bool held = said[0] == step.Exit.ToString(CultureInfo.InvariantCulture);
            yield return new Finding(
                held,
                "guest",
                held ? what : $"{what}, not {step.Exit}: {RecordText.ForDisplay(said[^1].Trim())}",
                step.Source
            );
        }
    }

    private static IEnumerable<Finding> DamageFindings(Plan plan, CaseFolder folder)
    {
        foreach (var step in plan.Steps.OfType<DamageStore>())
        {
            var log = EvidenceJson.Read<DamageLog>(folder.Damage(step.Number));
            yield return new Finding(
                log is { Fault: null },
                "store",
                log is null ? $"damage {step.Number} was never done"
                    : log.Fault is null ? $"damage {step.Number}: {log.Done}"
                    : $"damage {step.Number} could not be done ({log.Done}): {log.Fault}",
                ""
            );
        }
    }

    /// <summary>A cut in a writing that never began has shown nothing.</summary>
    private static IEnumerable<Finding> CutFindings(Plan plan, CycleLog cycle)
    {
        foreach (var cut in plan.Steps.OfType<CutPower>().Where(cut => cut.Point is { Lines: null }))
        {
            bool begun = cycle.StoreBegun.GetValueOrDefault(cut.Number);
            yield return new Finding(
                begun,
                "store",
                begun
                    ? $"power cut in crash {cut.Number}: {cut.Point}"
                    : $"power cut in crash {cut.Number}: the store never began to change, so nothing was cut off",
                ""
            );
        }
    }

    /// <summary>A backend that pstore did not take must have been given nothing.</summary>
    private static Finding LeftAlone(OtherStore other, StoreEvidence stores) =>
        stores.Left(other) switch
        {
            { Store: null } unknown => new Finding(false, "store", unknown.Fault!, ""),
            { Store.Records: [] } => new Finding(true, "store", $"{other.Backend} beside it was given no record", ""),
            { Store.Records: var records } => new Finding(
                false,
                "store",
                $"{other.Backend} beside it was given {records.Count} "
                    + $"{(records.Count == 1 ? "record" : "records")}: "
                    + $"{string.Join(", ", records.Select(record => $"{record.Name} ({record.Place})"))}",
                ""
            ),
        };

    private static Judgement ByFindings(IReadOnlyList<Finding> findings) =>
        findings.FirstOrDefault(finding => !finding.Held) is { } broken
            ? new Judgement(Verdict.Failed, Sentence(findings, broken), findings)
            : new Judgement(Verdict.Passed, "", findings);

    private static string Sentence(IReadOnlyList<Finding> findings, Finding broken) =>
        findings.Count(finding => !finding.Held) is > 1 and var count
            ? $"{broken.Text} (and {count - 1} more)"
            : broken.Text;

    /// <summary>
    /// A catalogued bug takes the place of the last expectation: it must be seen exactly as it is described. Where
    /// several are catalogued for a cell, one of them must be.
    /// </summary>
    private static Judgement ByKnownBugs(
        IReadOnlyList<PlannedKnownBug> known,
        Inspect last,
        InspectionJudge judge,
        IReadOnlyList<Finding> findings
    )
    {
        string names = string.Join("', '", known.Select(bug => bug.Bug));
        if (findings.All(finding => finding.Held))
            return new Judgement(
                Verdict.Failed,
                $"passed, where the bug '{names}' is catalogued: remove the entry",
                findings
            );
        var seen = new List<Finding>(findings);
        string? broken = null;
        foreach (var bug in known)
        {
            var instead = judge.Judge(bug.Instead with { Number = last.Number, Boot = last.Boot });
            seen.AddRange(instead);
            if (instead.All(finding => finding.Held))
                return new Judgement(Verdict.Known, bug.Bug, seen);
            broken ??= instead.First(finding => !finding.Held).Text;
        }

        return new Judgement(Verdict.Failed, $"failed, but not as the bug '{names}' does: {broken}", seen);
    }
}
