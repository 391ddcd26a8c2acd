using System.Text.Json.Serialization;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Bisection;

/// <summary>What a search has found.</summary>
/// <param name="LastGood">Null where there is none.</param>
/// <param name="Between">Versions of which nothing is known, between the last good and the first bad one.</param>
/// <param name="Steps">Every version that was tried, in the order of the versions.</param>
public sealed record BisectReport(
    string Case,
    BisectEnding Ending,
    string? LastGood,
    string? FirstBad,
    IReadOnlyList<string> Between,
    IReadOnlyList<BisectStep> Steps
)
{
    /// <summary>
    /// Whether the machine kept versions from being judged, without which the answer would be narrower, or there would
    /// be one.
    /// </summary>
    public bool IsHeldUp =>
        Steps.Any(step =>
            step.Answer == StepAnswer.Skipped
            && step.Results.All(result => result.Verdict is Verdict.Infra or Verdict.Internal)
            && (Ending == BisectEnding.NothingToTest || Between.Contains(step.Kernel))
        );

    /// <summary>Whether it was the harness itself that kept one from being judged.</summary>
    [JsonIgnore]
    public bool IsInternal =>
        Steps.Any(step =>
            step.Answer == StepAnswer.Skipped && step.Results.Any(result => result.Verdict == Verdict.Internal)
        );

    public BisectStep? StepOf(string? kernel) => Steps.FirstOrDefault(step => step.Kernel == kernel);
}

/// <summary>One version.</summary>
/// <param name="Uncertain">Whether its verdicts differ, so that a majority decided.</param>
public sealed record BisectStep(string Kernel, StepAnswer Answer, bool Uncertain, IReadOnlyList<CaseResult> Results)
{
    /// <summary>The result that the answer rests on: one that says why, if there is any.</summary>
    [JsonIgnore]
    public CaseResult Telling =>
        Results.FirstOrDefault(result =>
            Answer switch
            {
                StepAnswer.Good => result.Verdict == Verdict.Passed,
                StepAnswer.Bad => result.Verdict is Verdict.Failed or Verdict.Known,
                _ => result.Verdict is Verdict.Unsupported or Verdict.Infra or Verdict.Internal,
            }
        ) ?? Results[^1];
}
