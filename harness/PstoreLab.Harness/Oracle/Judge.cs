using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>Judges an attempt from its case folder alone: no QEMU, no memory of the run.</summary>
public static class Judge
{
    /// <exception cref="UsageException">The folder is not that of a case.</exception>
    public static Judgement Of(CaseFolder folder)
    {
        try
        {
            var plan = EvidenceJson.Read<Plan>(folder.Plan) ?? throw new UsageException($"{folder.Root} has no plan.json; name a case folder of a run");
            var cycle = EvidenceJson.Read<CycleLog>(folder.Cycle);
            return cycle is null ? new Judgement(Verdict.Infra, "the attempt was cut off: it left no cycle.json", []) : Of(plan, cycle, folder);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new UsageException($"{folder.Root}: the evidence is damaged: {e.Message}", e);
        }
    }

    private static Judgement Of(Plan plan, CycleLog cycle, CaseFolder folder)
    {
        if (cycle.Ending == CycleEnding.Infra)
            return new Judgement(Verdict.Infra, cycle.Reason ?? "", []);
        if (cycle.Ending == CycleEnding.CrashStalled)
            return new Judgement(Verdict.Failed, cycle.Reason ?? "", [new Finding(false, "cycle", cycle.Reason ?? "", "")]);
        var judge = new InspectionJudge(folder, ArmedCrash.Of(plan), cycle);
        var inspections = plan.Steps.OfType<Inspect>().ToList();
        if (inspections.Count == 0)
            return new Judgement(Verdict.Error, "the plan expects nothing, so nothing can be judged", []);
        Finding[] findings = [.. inspections.SelectMany(judge.Judge)];
        return plan.Known.Count == 0 ? ByFindings(findings) : ByKnownBugs(plan.Known, inspections[^1], judge, findings);
    }

    private static Judgement ByFindings(IReadOnlyList<Finding> findings) =>
        findings.FirstOrDefault(finding => !finding.Held) is { } broken
            ? new Judgement(Verdict.Failed, Sentence(findings, broken), findings)
            : new Judgement(Verdict.Passed, "", findings);

    private static string Sentence(IReadOnlyList<Finding> findings, Finding broken) =>
        findings.Count(finding => !finding.Held) is > 1 and var count ? $"{broken.Text} (and {count - 1} more)" : broken.Text;

    /// <summary>
    /// A catalogued bug takes the place of the last expectation: it must be seen exactly as it is described. Where several are catalogued for
    /// a cell, one of them must be.
    /// </summary>
    private static Judgement ByKnownBugs(IReadOnlyList<PlannedKnownBug> known, Inspect last, InspectionJudge judge, IReadOnlyList<Finding> findings)
    {
        string names = string.Join("', '", known.Select(bug => bug.Bug));
        if (findings.All(finding => finding.Held))
            return new Judgement(Verdict.Failed, $"passed, where the bug '{names}' is catalogued: remove the entry", findings);
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
