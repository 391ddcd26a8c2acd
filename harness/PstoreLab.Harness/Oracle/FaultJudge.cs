using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Judges an attempt that a failing kernel has ended: failed, but for a catalogued bug that fails at that boot and says
/// just that, and then only where all that was looked at before holds.
/// </summary>
internal static class FaultJudge
{
    /// <param name="inspections">All of the plan.</param>
    public static Judgement Judge(AttemptEvidence evidence, IReadOnlyList<Inspection> inspections)
    {
        var judge = new InspectionJudge(evidence);
        string reason = evidence.Cycle.Reason ?? "";
        if (evidence.Cycle.Fault is not { } fault || evidence.Plan.Boots.All(boot => boot.Number != fault.Boot))
            throw new EvidenceException(evidence.Folder.Cycle, "does not have the boot in which the kernel failed");
        PlannedBoot[] before = [.. evidence.Plan.Boots.Take(fault.Boot.Value - 1)];
        RequiredEvidence.Require(evidence, before);
        Finding[] earlier =
        [
            .. inspections.Where(inspection => before.Contains(inspection.Boot)).SelectMany(judge.Judge),
            .. GuestCommands.Findings(evidence, before),
            .. IntegrityChecks.Of(evidence, before),
            .. KernelDiagnostics.Findings(
                evidence,
                before,
                [.. inspections.Where(inspection => before.Contains(inspection.Boot))]
            ),
        ];
        Finding[] findings = [new Finding(false, "cycle", reason, ""), .. earlier];
        if (
            earlier.Any(finding => !finding.Held)
            || evidence.Plan.Known.FirstOrDefault(bug => IsSeen(bug, evidence.Cycle, inspections)) is not { } seen
        )
            return Judgement.Of(findings);
        string failure = $"boot {fault.Boot} failed as catalogued: {fault.Message}";
        return new Judgement(
            Verdict.Known,
            seen.Bug,
            [.. findings, new Finding(true, "cycle", failure, ""), .. OwnKnownBugs.Note(seen)]
        );
    }

    private static bool IsSeen(PlannedKnownBug bug, CycleLog cycle, IReadOnlyList<Inspection> inspections) =>
        bug.Instead.FailsWith is { } text
        && cycle.Fault is { } fault
        && inspections.Count > 0
        && inspections[^1].Boot.Number == fault.Boot
        && (fault.Report.Any(line => Holds(line, text)) || Holds(fault.Message, text));

    private static bool Holds(string line, string text) => line.Contains(text, StringComparison.Ordinal);
}
