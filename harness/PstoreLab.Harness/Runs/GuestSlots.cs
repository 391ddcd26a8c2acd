namespace PstoreLab.Harness.Runs;

/// <summary>
/// Lets as many guests run at once as there are cores for, and as there is memory free for at that moment. One guest
/// may always run, however little memory is reported: it would never start otherwise.
/// </summary>
/// <param name="count">At most so many guests.</param>
/// <param name="availableMiB">Memory free now, in MiB, without what is promised here and not yet used.</param>
public sealed class GuestSlots(int count, Func<long> availableMiB)
{
    /// <summary>What QEMU takes beside the guest's memory, mostly TCG's translated code.</summary>
    private const int OverheadMiB = 192;

    /// <summary>What the rest of the host is left.</summary>
    private const int ReserveMiB = 512;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private int _running;
    private long _promisedMiB;

    /// <summary>Guests of one size that the memory of an otherwise idle host takes.</summary>
    public static long Fitting(long availableMiB, int memoryMiB) =>
        Math.Max(0, availableMiB - ReserveMiB) / (memoryMiB + OverheadMiB);

    /// <summary>
    /// Waits for a place; disposing what comes back gives it up. Places are given in the order of asking.
    /// </summary>
    public async Task<IDisposable> TakeAsync(int memoryMiB, CancellationToken cancellation)
    {
        var waiter = new Waiter(memoryMiB + OverheadMiB);
        lock (_gate)
        {
            _waiting.AddLast(waiter);
            Admit();
        }

        await using var _ = cancellation.Register(() => waiter.Admitted.TrySetCanceled(cancellation));
        try
        {
            await waiter.Admitted.Task;
            return new Slot(this, waiter.MiB);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _waiting.Remove(waiter);
                // It may have been the large one that those behind it waited for.
                Admit();
            }

            throw;
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } first && _running < count && (_running == 0 || Fits(first.Value.MiB)))
        {
            _waiting.RemoveFirst();
            if (!first.Value.Admitted.TrySetResult())
                continue;
            _running++;
            _promisedMiB += first.Value.MiB;
        }
    }

    // A young guest has not touched its memory yet, so half of what is promised is counted as still to be taken.
    private bool Fits(long miB) => availableMiB() - (_promisedMiB / 2) - ReserveMiB >= miB;

    private void Leave(long miB)
    {
        lock (_gate)
        {
            _running--;
            _promisedMiB -= miB;
            Admit();
        }
    }

    private sealed record Waiter(long MiB)
    {
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Slot(GuestSlots slots, long miB) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                slots.Leave(miB);
        }
    }
}
