using System.Collections.Concurrent;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Runs cases side by side and hands over each result as it comes. Of those that share their first steps, the first one
/// in the list carries them out; the others are run behind it and start after them.
/// </summary>
/// <param name="gate">Lets cases begin, or no more; null for all.</param>
public sealed class LabRun(CaseRunner runner, Durations durations, RunGate? gate = null)
{
    /// <param name="cases">Each once; the longest is begun first.</param>
    /// <param name="onResult">Called for one result at a time.</param>
    /// <returns>The results in the order of <paramref name="cases"/>; after a cancellation, those that were ready. A
    /// case that never began has none.</returns>
    public async Task<IReadOnlyList<CaseResult>> RunAsync(
        IReadOnlyList<Case> cases,
        Func<CaseResult, Task> onResult,
        CancellationToken cancellation
    )
    {
        var results = new ConcurrentDictionary<string, CaseResult>();
        using var one = new SemaphoreSlim(1);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var closed = gate?.Closed ?? CancellationToken.None;
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(failed.Token, closed);

        async Task RunOneAsync(Case @case)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(failed.Token);
            // The gate ends a case that waits for its images or its place; one that has begun goes on to its verdict.
            using var waiting = closed.Register(ended.Cancel);
            try
            {
                var result = await runner.RunAsync(@case, ended.Token, () => waiting.Unregister());
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
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
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

        await Task.WhenAll(
            cases
                .GroupBy(SharedSteps.GroupOf)
                .Select(group => group.ToList())
                .OrderByDescending(group => group.Max(@case => durations.Of(@case.Id)))
                .Select(group => RunGroupAsync(group, RunOneAsync, starting.Token))
        );
        CaseResult[] inOrder = [.. cases.Select(@case => results.GetValueOrDefault(@case.Id)).OfType<CaseResult>()];
        await durations.SaveAsync(inOrder, CancellationToken.None);
        return inOrder;
    }

    /// <summary>
    /// Runs cases that may share steps. Those whose plans have the same ones wait for the first of them, which waits
    /// for none.
    /// </summary>
    private async Task RunGroupAsync(IReadOnlyList<Case> group, Func<Case, Task> run, CancellationToken cancellation)
    {
        if (group is [var only])
        {
            await run(only);
            return;
        }

        // All at once: images that are missing are made side by side.
        Task<string?>[] keys = [.. group.Select(@case => runner.SharedKeyAsync(@case, cancellation))];
        var firsts = new Dictionary<string, Task>();
        var all = new List<Task>();
        foreach (var (@case, planned) in group.Zip(keys))
        {
            string? key = await planned;
            if (key is not null && firsts.TryGetValue(key, out var first))
            {
                all.Add(RunBehindAsync(first, @case, run));
                continue;
            }

            all.Add(run(@case));
            if (key is not null)
                firsts[key] = all[^1];
        }

        await Task.WhenAll(all);
    }

    private static async Task RunBehindAsync(Task first, Case @case, Func<Case, Task> run)
    {
        await first;
        await run(@case);
    }
}
