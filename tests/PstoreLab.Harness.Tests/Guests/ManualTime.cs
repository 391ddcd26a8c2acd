namespace PstoreLab.Harness.Tests.Guests;

/// <summary>
/// A clock that advances only on request, so that no test waits for a time limit. Short delays end at once.
/// </summary>
/// <param name="shortest">Timers of at most so long do not wait; nothing that is tested here limits a state to
/// less.</param>
internal sealed class ManualTime(TimeSpan shortest) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _now;

    public ManualTime()
        : this(TimeSpan.FromSeconds(10)) { }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero) + _now;

    /// <summary>How many time limits have begun so far.</summary>
    public int Limits { get; private set; }

    public bool SomebodyWaits
    {
        get
        {
            lock (_gate)
                return _timers.Exists(timer => timer.Due < TimeSpan.MaxValue);
        }
    }

    /// <summary>Goes on to the next time limit.</summary>
    public void RunOut()
    {
        List<Timer> due;
        lock (_gate)
        {
            _now = _timers.Min(timer => timer.Due);
            due = _timers.FindAll(timer => timer.Due <= _now);
        }

        due.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        public void Fire()
        {
            Due = TimeSpan.MaxValue;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time._now + dueTime;
                if (dueTime > time.Shortest)
                    time.Limits++;
            }

            if (dueTime != Timeout.InfiniteTimeSpan && dueTime <= time.Shortest)
                ThreadPool.QueueUserWorkItem(_ => Fire());
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private TimeSpan Shortest => shortest;
}
