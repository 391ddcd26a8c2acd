using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Oracle;

/// <summary>Judges an attempt from its case folder alone: no QEMU, no memory of the run.</summary>
public static class Judge
{
    /// <param name="absenceOf">Why this machine cannot decompress a method;
    /// <see cref="RecordCompression.MissingLibrary"/> when left out.</param>
    /// <exception cref="UsageException">The folder is not that of a case.</exception>
    public static Judgement Of(CaseFolder folder, Func<CompressionMethod, string?>? absenceOf = null)
    {
        try
        {
            var plan =
                PlanFile.Read(folder.Plan)
                ?? throw new UsageException($"{folder.Root} has no plan.json; name a case folder of a run");
            if (EvidenceJson.Read<CycleLog>(folder.Cycle) is not { } cycle)
                return new Judgement(Verdict.Infra, "the attempt was cut off: it left no cycle.json", []);
            PstoreCompression.RequireLibraries(plan, absenceOf ?? RecordCompression.MissingLibrary);
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
        return new JudgedCase(PlanFile.Read(folder.Plan)!.Case, folder.Root, judgement, VerdictBefore(folder));
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
        var evidence = new AttemptEvidence(plan, cycle, folder);
        Inspection[] inspections = [.. evidence.Inspections];
        if (cycle.Ending == CycleEnding.Product)
            return FaultJudge.Judge(evidence, inspections);
        if (inspections.Length == 0)
            return new Judgement(Verdict.Error, "the plan expects nothing, so nothing can be judged", []);
        var judge = new InspectionJudge(evidence);
        Finding[] earlier = [.. inspections[..^1].SelectMany(judge.Judge)];
        Finding[] asked = [.. judge.Judge(inspections[^1]), .. Reports(evidence, inspections)];
        Finding[] beside = [.. GuestCommands.Findings(evidence, plan.Boots), .. IntegrityChecks.Of(evidence)];
        // A catalogued bug excuses nothing but what it takes the place of.
        return plan.Known.Count == 0 || earlier.Concat(beside).Any(finding => !finding.Held)
            ? Judgement.Of([.. earlier, .. asked, .. beside])
            : ByKnownBugs(
                plan.Known,
                [.. earlier, .. beside],
                asked,
                bug => AsKnown(bug, evidence, inspections, judge)
            );
    }

    private static IEnumerable<Finding> AsKnown(
        PlannedKnownBug bug,
        AttemptEvidence evidence,
        Inspection[] inspections,
        InspectionJudge judge
    )
    {
        var instead = inspections[^1] with { Expected = bug.Instead };
        return [.. judge.Judge(instead), .. Reports(evidence, [.. inspections[..^1], instead])];
    }

    private static IEnumerable<Finding> Reports(AttemptEvidence evidence, IEnumerable<Inspection> inspections) =>
        KernelDiagnostics.Findings(
            evidence,
            evidence.Plan.Boots,
            [.. inspections.SelectMany(inspection => inspection.Expected.Console)]
        );

    /// <summary>
    /// A catalogued bug takes the place of the last expectation: it must be seen exactly as it is described. Where
    /// several are catalogued for a cell, one of them must be.
    /// </summary>
    /// <param name="others">What holds whatever is catalogued.</param>
    /// <param name="asked">What would hold without the bug.</param>
    /// <param name="instead">What must hold in its place.</param>
    private static Judgement ByKnownBugs(
        IReadOnlyList<PlannedKnownBug> known,
        IReadOnlyList<Finding> others,
        IReadOnlyList<Finding> asked,
        Func<PlannedKnownBug, IEnumerable<Finding>> instead
    )
    {
        string names = string.Join("', '", known.Select(bug => bug.Bug));
        List<Finding> findings = [.. others, .. asked];
        if (findings.All(finding => finding.Held))
            return new Judgement(
                Verdict.Failed,
                $"passed, where the bug '{names}' is catalogued: remove the entry",
                findings
            );
        if (Judgement.Of(asked).Verdict == Verdict.Infra)
            return Judgement.Of(findings);
        string? broken = null;
        foreach (var bug in known)
        {
            Finding[] seen = [.. instead(bug)];
            findings.AddRange(seen);
            if (seen.All(finding => finding.Held))
                return new Judgement(Verdict.Known, bug.Bug, findings);
            broken ??= seen.First(finding => !finding.Held).Text;
        }

        return new Judgement(Verdict.Failed, $"failed, but not as the bug '{names}' does: {broken}", findings);
    }
}
