using System.Collections.Concurrent;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Runs cases side by side and hands over each result as it comes.</summary>
public sealed class LabRun(CaseRunner runner, Durations durations)
{
    /// <param name="cases">Each once; the longest is begun first.</param>
    /// <param name="onResult">Called for one result at a time.</param>
    /// <returns>The results in the order of <paramref name="cases"/>; after a cancellation, those that were
    /// ready.</returns>
    public async Task<IReadOnlyList<CaseResult>> RunAsync(
        IReadOnlyList<Case> cases,
        Func<CaseResult, Task> onResult,
        CancellationToken cancellation
    )
    {
        var results = new ConcurrentDictionary<string, CaseResult>();
        using var one = new SemaphoreSlim(1);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        async Task RunOneAsync(Case @case)
        {
            try
            {
                var result = await runner.RunAsync(@case, failed.Token);
                await one.WaitAsync(CancellationToken.None);
                try
                {
                    results[@case.Id] = result;
                    await onResult(result);
                }
                finally
                {
                    one.Release();
                }
            }
            catch (OperationCanceledException) when (failed.IsCancellationRequested)
            {
                // Nothing to say of a case that was not finished.
            }
            catch
            {
                // A fault of ours, or nowhere left to write results: the others must not run for nothing.
                await failed.CancelAsync();
                throw;
            }
        }

        await Task.WhenAll(cases.OrderByDescending(@case => durations.Of(@case.Id)).Select(RunOneAsync));
        CaseResult[] inOrder = [.. cases.Select(@case => results.GetValueOrDefault(@case.Id)).OfType<CaseResult>()];
        await durations.SaveAsync(inOrder, CancellationToken.None);
        return inOrder;
    }
}
