using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Bisection;

/// <summary>What <c>state.json</c> keeps of a search: its question and every verdict so far.</summary>
/// <param name="Question">All that the answer depends on: case, scenario, kernels, repetitions. Another question is
/// another search.</param>
/// <param name="Kernels">In the order of the search, good end first.</param>
public sealed record BisectState(string Question, IReadOnlyList<string> Kernels, IReadOnlyList<BisectTrial> Trials)
{
    public IReadOnlyList<CaseResult> ResultsOf(string kernel) =>
        [.. Trials.Where(trial => trial.Kernel == kernel).Select(trial => trial.Result)];

    public BisectState With(IEnumerable<BisectTrial> more) => this with { Trials = [.. Trials, .. more] };
}

/// <summary>One run of the case with one kernel.</summary>
public sealed record BisectTrial(string Kernel, CaseResult Result);
