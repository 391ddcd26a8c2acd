using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Comparison;

/// <summary>One case on one side, with every repetition of it.</summary>
/// <param name="Id">The case's id, without the number of a repetition.</param>
/// <param name="Evidence">Of each result, in the same order; null where its folder is gone.</param>
internal sealed record CaseSide(string Id, IReadOnlyList<CaseResult> Results, IReadOnlyList<CaseEvidence?> Evidence)
{
    /// <summary>The results in which the kernel was judged.</summary>
    public IEnumerable<CaseResult> Judged =>
        Results.Where(result => result.Verdict is Verdict.Passed or Verdict.Failed or Verdict.Known);

    public int Count(Verdict verdict) => Results.Count(result => result.Verdict == verdict);

    /// <summary>The verdicts in one word, or counted where repetitions differ: <c>passed 3, failed 2</c>.</summary>
    public string Verdicts =>
        Results.Select(result => result.Verdict).Distinct().Count() == 1
            ? Word(Results[0].Verdict) + (Results.Count > 1 ? $" {Results.Count} times" : "")
            : string.Join(
                ", ",
                Results
                    .GroupBy(result => result.Verdict)
                    .OrderBy(group => group.Key)
                    .Select(group => $"{Word(group.Key)} {group.Count()}")
            );

    /// <summary>Why the first result with this verdict has it.</summary>
    public CaseResult? First(params ReadOnlySpan<Verdict> verdicts)
    {
        foreach (var result in Results)
        {
            if (verdicts.Contains(result.Verdict))
                return result;
        }

        return null;
    }

    /// <summary>The sides of a run, by what its cases are called without the compared dimensions.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<CaseSide>> Of(
        RunResults run,
        IReadOnlyCollection<string> across
    ) =>
        run
            .Results.GroupBy(result => IdWithout(result, []))
            .Select(group =>
                (
                    Key: IdWithout(group.First(), across),
                    Side: new CaseSide(
                        group.Key,
                        [.. group],
                        [.. group.Select(result => CaseEvidence.In(run.FolderOf(result), result.Nonces))]
                    )
                )
            )
            .GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<CaseSide>)[.. group.Select(pair => pair.Side)]);

    // An id ends in +2 where the case was repeated, and may do so anyway: it is made anew from the cell.
    private static string IdWithout(CaseResult result, IReadOnlyCollection<string> across) =>
        result.Case.Split('/') is [var family, var scenario, ..]
            ? KernelDimensions.IdWithout(family, scenario, result.Dimensions, across)
            : result.Case;

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}

/// <summary>What one result's folder shows.</summary>
internal sealed record CaseEvidence(IReadOnlyList<RecordFacts> Records, IReadOnlySet<string> Messages)
{
    /// <summary>
    /// Null where there is no evidence: the results were copied without it, it is damaged, or the case never came to
    /// boot.
    /// </summary>
    public static CaseEvidence? In(CaseFolder? folder, IReadOnlyList<string> nonces)
    {
        try
        {
            return folder is not null && EvidenceReader.IsKept(folder.Cycle)
                ? new CaseEvidence(RecordFacts.In(folder, nonces), PstoreMessages.In(folder))
                : null;
        }
        catch (EvidenceException)
        {
            return null;
        }
    }
}
