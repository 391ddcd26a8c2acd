using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Bisection;

/// <summary>
/// Carries a search out: tries what <see cref="BisectSearch"/> asks for, and keeps every verdict before it asks again.
/// </summary>
/// <param name="repeat">Verdicts to have of each version.</param>
/// <param name="tryAsync">Runs the case with a kernel; the number, from 1, separates the runs with one kernel
/// apart.</param>
/// <param name="saveAsync">Keeps the state.</param>
/// <param name="onStep">Told of each version that was decided, those of an earlier session included.</param>
public sealed class KernelSearch(
    int repeat,
    Func<string, int, CancellationToken, Task<CaseResult>> tryAsync,
    Func<BisectState, Task> saveAsync,
    Action<BisectStep> onStep
)
{
    /// <exception cref="UsageException">The scenario turned out to be wrong.</exception>
    /// <exception cref="OperationCanceledException">What had a verdict is kept.</exception>
    public async Task<BisectReport> RunAsync(string @case, BisectState state, CancellationToken cancellation)
    {
        var search = new BisectSearch(state.Kernels.Count);
        var steps = new SortedDictionary<int, BisectStep>();
        while (search.Next is { } next)
        {
            string kernel = state.Kernels[next];
            StepAnswer? answer;
            while ((answer = StepDecision.Of(Verdicts(state, kernel), repeat)) is null)
                state = await TryAsync(state, kernel, cancellation);
            search.Answer(next, answer.Value);
            onStep(
                steps[next] = new BisectStep(
                    kernel,
                    answer.Value,
                    StepDecision.IsUncertain(Verdicts(state, kernel)),
                    state.ResultsOf(kernel)
                )
            );
        }

        var outcome = search.Outcome;
        string? Name(int? index) => index is { } place ? state.Kernels[place] : null;
        return new BisectReport(
            @case,
            outcome.Ending,
            Name(outcome.LastGood),
            Name(outcome.FirstBad),
            [.. outcome.Between.Select(place => state.Kernels[place])],
            [.. steps.Values]
        );
    }

    private async Task<BisectState> TryAsync(BisectState state, string kernel, CancellationToken cancellation)
    {
        int before = state.ResultsOf(kernel).Count;
        int more = StepDecision.More(Verdicts(state, kernel), repeat);
        var results = await Task.WhenAll(
            Enumerable.Range(before + 1, more).Select(number => tryAsync(kernel, number, cancellation))
        );
        if (results.FirstOrDefault(result => result.Verdict == Verdict.Error) is { } wrong)
            throw new UsageException(wrong.Reason);
        state = state.With(results.Select(result => new BisectTrial(kernel, result)));
        await saveAsync(state);
        return state;
    }

    private static Verdict[] Verdicts(BisectState state, string kernel) =>
        [.. state.ResultsOf(kernel).Select(result => result.Verdict)];
}
