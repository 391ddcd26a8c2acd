using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>Those who wait for something on a console.</summary>
/// <param name="firstBoot">Number of its first boot.</param>
internal sealed class ConsoleWaiters(BootNumber firstBoot)
{
    private readonly Lock _gate = new();
    private readonly List<TextWaiter> _texts = [];
    private readonly List<(BootNumber After, TaskCompletionSource Begun)> _boots = [];
    private BootNumber _boot = firstBoot;

    /// <inheritdoc cref="ConsoleLog.WaitForAsync"/>
    public Task WaitForAsync(string text, int times, int more, CancellationToken cancellation)
    {
        var waiter = new TextWaiter(text, times, more);
        lock (_gate)
            _texts.Add(waiter);
        return waiter.Seen.Task.WaitAsync(cancellation);
    }

    /// <inheritdoc cref="ConsoleLog.NextBootAsync"/>
    public Task NextBootAsync(BootNumber boot, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_boot.Value > boot.Value)
                return Task.CompletedTask;
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _boots.Add((boot, begun));
            return begun.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>A line has come.</summary>
    public void Take(string line)
    {
        lock (_gate)
        {
            foreach (var waiter in _texts)
                waiter.Take(line);
            _texts.RemoveAll(waiter => waiter.Seen.Task.IsCompleted);
        }
    }

    /// <summary>A boot has begun.</summary>
    public void Begin(BootNumber boot)
    {
        lock (_gate)
        {
            _boot = boot;
            foreach (var (_, begun) in _boots.Where(waiter => boot.Value > waiter.After.Value))
                begun.TrySetResult();
            _boots.RemoveAll(waiter => waiter.Begun.Task.IsCompleted);
        }
    }

    private sealed class TextWaiter(string text, int times, int more)
    {
        private int _left = more + 1;
        private int _unseen = times;

        public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Take(string line)
        {
            if (_unseen > 0 && line.Contains(text, StringComparison.Ordinal))
                _unseen--;
            if (_unseen == 0 && --_left == 0)
                Seen.TrySetResult();
        }
    }
}
