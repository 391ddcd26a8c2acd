using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>A case with all that its evidence says, and where it belongs.</summary>
internal sealed record AtlasEntry(CellPlace? Place, AtlasCase Case)
{
    /// <summary>Reads the evidence of a result.</summary>
    /// <param name="from">The folder that the atlas lies in.</param>
    /// <exception cref="UsageException">The plan is damaged, or of another version of PstoreLab.</exception>
    public static AtlasEntry Of(RunResults run, CaseResult result, string from)
    {
        var folder = run.FolderOf(result);
        var plan = folder is null ? null : PlanIn(folder);
        return new AtlasEntry(
            CellPlace.Of(result, plan),
            new AtlasCase(
                result.Case,
                result.Verdict,
                result.Reason,
                result.Dimensions,
                result.Kernels,
                result.Accelerator,
                result.Started,
                result.Seconds,
                result.Findings,
                [
                    .. result
                        .Attempts.SkipLast(1)
                        .Select(attempt => new AtlasAttempt(attempt.Verdict, attempt.Reason, attempt.Seconds)),
                ],
                folder is null ? [] : CaseMessages.In(folder, plan),
                run.Label,
                folder is null ? [] : CaseFiles.In(folder, from)
            )
        );
    }

    private static Plan? PlanIn(CaseFolder folder)
    {
        try
        {
            return EvidenceReader.IsKept(folder.Plan) ? PlanFile.Read(folder.Plan) : null;
        }
        catch (EvidenceException e)
        {
            throw new UsageException($"{e.Message}; run the case again, or leave this run out", e);
        }
    }
}
