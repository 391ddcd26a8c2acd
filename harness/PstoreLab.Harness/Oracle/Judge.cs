using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Oracle;

/// <summary>Judges an attempt from its case folder alone: no QEMU, no memory of the run.</summary>
public static class Judge
{
    /// <summary>Evidence that is missing or damaged is ours: <see cref="Verdict.Infra"/>, with its name.</summary>
    /// <param name="absenceOf">Why this machine cannot decompress a method;
    /// <see cref="RecordCompression.MissingLibrary"/> when left out.</param>
    public static Judgement Of(CaseFolder folder, Func<CompressionMethod, string?>? absenceOf = null)
    {
        try
        {
            var plan = PlanFile.Read(folder.Plan);
            if (!EvidenceReader.IsKept(folder.Cycle))
                return new Judgement(Verdict.Infra, $"the attempt was cut off: it left no {folder.Cycle}", []);
            var cycle = EvidenceJson.Kept<CycleLog>(folder.Cycle);
            if (cycle.IsSealed || EvidenceReader.IsKept(folder.Seal))
                EvidenceSeal.Verify(plan, folder);
            PstoreCompression.RequireLibraries(plan, absenceOf ?? RecordCompression.MissingLibrary);
            return Of(plan, cycle, folder);
        }
        catch (UnsupportedException e)
        {
            return new Judgement(Verdict.Unsupported, e.Message, []);
        }
        catch (EvidenceException e)
        {
            return new Judgement(Verdict.Infra, e.Message, []);
        }
    }

    /// <summary>
    /// Judges a case whose run is over, and sets what comes of it beside what was said then. No evidence, however
    /// strange, makes it throw.
    /// </summary>
    public static JudgedCase Again(CaseFolder folder)
    {
        try
        {
            return new JudgedCase(NameOf(folder), folder.Root, Of(folder), VerdictBefore(folder));
        }
        catch (Exception e)
        {
            return new JudgedCase(folder.Name, folder.Root, InternalFault.Judgement(e, folder), null);
        }
    }

    private static string NameOf(CaseFolder folder)
    {
        try
        {
            return PlanFile.Read(folder.Plan).Case;
        }
        catch (EvidenceException)
        {
            return folder.Name;
        }
    }

    // What was said before is of no weight here: damaged or missing, it is only not compared with.
    private static Verdict? VerdictBefore(CaseFolder folder)
    {
        try
        {
            return EvidenceJson.Kept<Judgement>(folder.Verdict).Verdict;
        }
        catch (EvidenceException)
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
            return OwnKnownBugs.Excuse(plan, FaultJudge.Judge(evidence, inspections));
        RequiredEvidence.Require(evidence, plan.Boots);
        if (inspections.Length == 0)
            return new Judgement(Verdict.Error, "the plan expects nothing, so nothing can be judged", []);
        var judge = new InspectionJudge(evidence);
        Finding[] earlier = [.. inspections[..^1].SelectMany(judge.Judge)];
        Finding[] asked = [.. judge.Judge(inspections[^1]), .. Reports(evidence, inspections)];
        Finding[] beside = [.. GuestCommands.Findings(evidence, plan.Boots), .. IntegrityChecks.Of(evidence)];
        // A catalogued bug excuses nothing but what it takes the place of.
        var plain = Judgement.Of([.. earlier, .. asked, .. beside]);
        if (plan.Known.Count == 0 || earlier.Concat(beside).Any(finding => !finding.Held))
            return OwnKnownBugs.Excuse(plan, plain);
        var judged = ByKnownBugs(
            plan.Known,
            [.. earlier, .. beside],
            asked,
            bug => AsKnown(bug, evidence, inspections, judge)
        );
        // Of what a catalogued bug was expected to show instead, nothing is excused.
        return judged.Verdict == Verdict.Failed && OwnKnownBugs.Excuse(plan, plain) is { Verdict: Verdict.Known } own
            ? own
            : judged;
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

    private static IEnumerable<Finding> Reports(AttemptEvidence evidence, Inspection[] inspections) =>
        KernelDiagnostics.Findings(evidence, evidence.Plan.Boots, inspections);

    /// <summary>
    /// A catalogued bug takes the place of the last expectation: it must be seen exactly as it is described. Where
    /// several are catalogued for a cell, one of them must be. Only where one shows by chance may the case pass, or
    /// where all are the user's own, who is told (<see cref="Scenarios.Quarantine"/>).
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
            return known.All(bug => bug.Ticket is not null) || known.Any(bug => bug.ByChance)
                ? Judgement.Of(findings)
                : new Judgement(
                    Verdict.Failed,
                    $"passed, where the bug '{names}' is catalogued: remove the entry",
                    findings
                );
        if (Judgement.Of(asked).Verdict == Verdict.Infra)
            return Judgement.Of(findings);
        Judgement? unlike = null;
        foreach (var bug in known)
        {
            Finding[] seen = [.. instead(bug)];
            findings.AddRange(seen);
            var judged = Judgement.Of(seen);
            if (judged.Verdict == Verdict.Passed)
                return new Judgement(Verdict.Known, bug.Bug, [.. findings, .. OwnKnownBugs.Note(bug)]);
            // Where the evidence cannot tell of one bug, it is not said that the failure is none of them.
            unlike = unlike is null || judged.Verdict == Verdict.Infra ? judged : unlike;
        }

        return unlike is { Verdict: Verdict.Infra }
            ? unlike with
            {
                Findings = findings,
            }
            : new Judgement(Verdict.Failed, $"failed, but not as the bug '{names}' does: {unlike?.Reason}", findings);
    }
}
