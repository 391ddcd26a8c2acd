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

    /// <summary>
    /// What QEMU takes in all for a guest of a checkpoint, whose memory is a private copy of what it changes: 40 to 70
    /// MiB were seen of guests of 512 MiB.
    /// </summary>
    private const int RestoredMiB = 128;

    /// <summary>What the rest of the host is left.</summary>
    private const int ReserveMiB = 512;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly LinkedList<Waiter> _growing = new();
    private int _running;
    private long _promisedMiB;

    /// <summary>Guests of one size that the memory of an otherwise idle host takes.</summary>
    public static long Fitting(long availableMiB, int memoryMiB) =>
        Math.Max(0, availableMiB - ReserveMiB) / (memoryMiB + OverheadMiB);

    /// <summary>
    /// Waits for a place; disposing what comes back gives it up. Places are given in the order of asking.
    /// </summary>
    /// <param name="memoryMiB">The guest's memory.</param>
    /// <param name="isRestored">Whether all its boots are restored from checkpoints. A guest that boots after all needs
    /// <see cref="Slot.GrowAsync"/> before.</param>
    public async Task<Slot> TakeAsync(int memoryMiB, CancellationToken cancellation, bool isRestored = false)
    {
        long whole = memoryMiB + OverheadMiB;
        long miB = isRestored ? Math.Min(RestoredMiB, whole) : whole;
        await WaitAsync(_waiting, miB, cancellation);
        return new Slot(this, miB, whole);
    }

    private async Task WaitAsync(LinkedList<Waiter> line, long miB, CancellationToken cancellation)
    {
        var waiter = new Waiter(miB);
        lock (_gate)
        {
            line.AddLast(waiter);
            Admit();
        }

        await using var _ = cancellation.Register(() => waiter.Admitted.TrySetCanceled(cancellation));
        try
        {
            await waiter.Admitted.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                line.Remove(waiter);
                // It may have been the large one that those behind it waited for.
                Admit();
            }

            throw;
        }
    }

    private void Admit()
    {
        // Where all that have a place wait for more, none will ever give any back: then the first gets it all the same.
        while (_growing.First is { } first && (_growing.Count == _running || Fits(first.Value.MiB)))
        {
            _growing.RemoveFirst();
            if (first.Value.Admitted.TrySetResult())
                _promisedMiB += first.Value.MiB;
        }

        // Another guest would only take what those wait for.
        if (_growing.Count > 0)
            return;
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

    /// <summary>A place, of one guest at a time.</summary>
    public sealed class Slot : IDisposable
    {
        private readonly GuestSlots _slots;
        private readonly long _wholeMiB;
        private long _miB;
        private int _left;

        internal Slot(GuestSlots slots, long miB, long wholeMiB)
        {
            _slots = slots;
            _miB = miB;
            _wholeMiB = wholeMiB;
        }

        /// <summary>Waits for the memory of a guest that boots, where the place has only that of a restored
        /// one.</summary>
        public async Task GrowAsync(CancellationToken cancellation)
        {
            long more = _wholeMiB - _miB;
            if (more == 0)
                return;
            await _slots.WaitAsync(_slots._growing, more, cancellation);
            _miB = _wholeMiB;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                _slots.Leave(_miB);
        }
    }
}
