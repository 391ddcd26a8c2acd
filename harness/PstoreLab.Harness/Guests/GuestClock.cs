namespace PstoreLab.Harness.Guests;

/// <summary>
/// The clock that the restored guests of a case are given. No second is shown to two of them: record ids are made of
/// seconds, and a machine that really boots takes longer than one.
/// </summary>
internal sealed class GuestClock(TimeProvider time)
{
    private (long Clock, long At)? _last;

    /// <summary>Seconds since 1970, for a guest that is restored now.</summary>
    public long Next()
    {
        long clock = time.GetUtcNow().ToUnixTimeSeconds();
        if (_last is { } last)
            clock = Math.Max(clock, last.Clock + (long)time.GetElapsedTime(last.At).TotalSeconds + 1);
        _last = (clock, time.GetTimestamp());
        return clock;
    }
}
