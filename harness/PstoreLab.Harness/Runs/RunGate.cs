using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Whether the cases of a run may begin. Once it is closed nothing new does, and what runs goes on to its verdict.
/// </summary>
public sealed class RunGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly ITimer? _timer;
    private readonly bool _failFast;

    /// <param name="limit">After this time it closes by itself; null for never.</param>
    /// <param name="failFast">Whether it closes behind the first case that failed.</param>
    public RunGate(TimeProvider time, TimeSpan? limit, bool failFast)
    {
        _failFast = failFast;
        if (limit is { } after)
            _timer = time.CreateTimer(
                _ => Close($"the time limit of {after:c} was reached"),
                null,
                after,
                Timeout.InfiniteTimeSpan
            );
    }

    /// <summary>Why it was closed, in a sentence; null where it is open.</summary>
    public string? Why { get; private set; }

    /// <summary>Cancelled when it closes.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>A case has come to its verdict.</summary>
    public void Add(CaseResult result)
    {
        if (_failFast && result.Verdict == Verdict.Failed)
            Close($"{result.Case} failed before it");
    }

    /// <summary>Closes it; a second reason is of no account.</summary>
    public void Close(string why)
    {
        lock (_lock)
        {
            if (Why is not null)
                return;
            Why = why;
        }
        _closed.Cancel();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _closed.Dispose();
    }
}
