using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Oracle;

/// <summary>Judges an attempt from its case folder alone: no QEMU, no memory of the run.</summary>
public static class Judge
{
    /// <summary>Evidence that is missing or damaged is ours: <see cref="Verdict.Infra"/>, with the file's name.</summary>
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
            return FaultJudge.Judge(evidence, inspections);
        RequiredEvidence.Require(evidence, plan.Boots);
        if (inspections.Length == 0)
            return new Judgement(Verdict.Error, "the plan expects nothing, so nothing can be judged", []);
        var judge = new InspectionJudge(evidence);
        Finding[] integrity = [.. IntegrityChecks.Of(evidence)];
        Finding[] findings =
        [
            .. inspections.SelectMany(judge.Judge),
            .. GuestCommands.Findings(evidence, plan.Boots),
            .. integrity,
        ];
        return plan.Known.Count == 0 || integrity.Any(finding => !finding.Held)
            ? Judgement.Of(findings)
            : ByKnownBugs(plan.Known, inspections[^1], judge, findings);
    }

    /// <summary>
    /// A catalogued bug takes the place of the last expectation: it must be seen exactly as it is described. Where
    /// several are catalogued for a cell, one of them must be.
    /// </summary>
    private static Judgement ByKnownBugs(
        IReadOnlyList<PlannedKnownBug> known,
        Inspection last,
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
            var instead = judge.Judge(last with { Expected = bug.Instead });
            seen.AddRange(instead);
            if (instead.All(finding => finding.Held))
                return new Judgement(Verdict.Known, bug.Bug, seen);
            broken ??= instead.First(finding => !finding.Held).Text;
        }

        return new Judgement(Verdict.Failed, $"failed, but not as the bug '{names}' does: {broken}", seen);
    }
}
