using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports;

/// <summary>What there is to report of a run.</summary>
/// <param name="Results">In the order of the cases.</param>
/// <param name="Record">What the run says of itself, and the cases that did not run to a verdict.</param>
public sealed record FinishedRun(IReadOnlyList<CaseResult> Results, RunRecord Record)
{
    /// <summary>The cases that did not run to a verdict.</summary>
    public IReadOnlyList<NotRun> NotRun => Record.NotRun;
}
