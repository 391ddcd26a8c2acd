namespace PstoreLab.Harness.Runs;

/// <summary>
/// Has the cases of a run that begin alike begin once: the first that comes goes ahead, the others wait until it has
/// come to where they part, and continue from there with a copy of what it has left.
/// </summary>
internal sealed class SharedBeginnings
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Pioneer> _pioneers = [];

    /// <summary>What another case has begun; or null, and <paramref name="pioneer"/> goes ahead.</summary>
    public async Task<Begun?> FindAsync(Pioneer pioneer, CancellationToken cancellation)
    {
        while (true)
        {
            Pioneer? first;
            lock (_gate)
            {
                if (!_pioneers.TryGetValue(pioneer.Key, out first))
                {
                    _pioneers[pioneer.Key] = pioneer;
                    return null;
                }
            }

            if (await first.Begun.WaitAsync(cancellation) is { } begun)
                return begun;
            // It never came so far, which says nothing of the others: the next one goes ahead.
            lock (_gate)
            {
                if (_pioneers.GetValueOrDefault(pioneer.Key) == first)
                    _pioneers.Remove(pioneer.Key);
            }
        }
    }
}

/// <summary>
/// A case that goes ahead of others that begin alike. Disposing ends the wait of the others, whatever has come of it.
/// </summary>
internal sealed class Pioneer(string key) : IDisposable
{
    private readonly TaskCompletionSource<Begun?> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>See <see cref="Beginning.Key"/>.</summary>
    public string Key => key;

    /// <summary>What it has begun; null when it did not come so far.</summary>
    public Task<Begun?> Begun => _begun.Task;

    public void Tell(Begun begun) => _begun.TrySetResult(begun);

    public void Dispose() => _begun.TrySetResult(null);
}
