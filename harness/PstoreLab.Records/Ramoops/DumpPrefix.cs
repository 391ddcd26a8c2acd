namespace PstoreLab.Records.Ramoops;

/// <summary>
/// The line before a dump in its zone, <c>====SECONDS.MICROSECONDS-C\n</c> with C for compressed and D for not
/// (<c>ramoops_write_kmsg_hdr</c> and <c>ramoops_read_kmsg_hdr</c> in fs/pstore/ram.c, 5.10 to 7.2).
/// </summary>
/// <param name="Seconds">Since the epoch.</param>
/// <param name="Microseconds">As it is written; damage can make it more than a second.</param>
/// <param name="Length">In bytes, what the kernel takes for it.</param>
/// <param name="Swallowed">How many bytes of those are white space behind the line's end, and were the
/// record's.</param>
internal readonly record struct DumpPrefix(long Seconds, ulong Microseconds, bool Compressed, int Length, int Swallowed)
{
    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>Null when it is no time of the calendar.</summary>
    public DateTimeOffset? WrittenAt =>
        Microseconds < MicrosecondsPerSecond
        && Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        && Seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(Seconds).AddMicroseconds(Microseconds)
            : null;

    /// <exception cref="RecordFormatException">The kernel has no such time.</exception>
    public static byte[] Format(DateTimeOffset written, bool compressed)
    {
        // Towards the past, so that the microseconds are never negative.
        long ticks = written.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        return RecordText.ToBytes(
            $"===={seconds}.{rest / TimeSpan.TicksPerMicrosecond:000000}-{(compressed ? 'C' : 'D')}\n"
        );
    }

    /// <summary>
    /// Reads it as the kernel's sscanf does, first "====%lld.%lu-%c\n", then "====%lld.%lu\n". White space before a
    /// number is passed over; the line feed of either stands for any amount of white space, none included.
    /// </summary>
    /// <returns>Null when there is none: the kernel empties such a zone without a word.</returns>
    public static DumpPrefix? Read(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith("===="u8))
            return null;
        int at = 4;
        if (!TryNumber(data, ref at, signed: true, out ulong seconds) || At(data, at) != '.')
            return null;
        at++;
        if (!TryNumber(data, ref at, signed: false, out ulong microseconds))
            return null;
        bool compressed = false;
        // A NUL ends the text for sscanf.
        if (At(data, at) == '-' && At(data, at + 1) != 0)
        {
            compressed = data[at + 1] == 'C';
            at += 2;
        }
        int end = SkipSpaces(data, at);
        return new DumpPrefix((long)seconds, microseconds, compressed, end, Math.Max(0, end - at - 1));
    }

    private static bool TryNumber(ReadOnlySpan<byte> data, ref int at, bool signed, out ulong number)
    {
        number = 0;
        at = SkipSpaces(data, at);
        bool negative = signed && At(data, at) == '-';
        if (negative)
            at++;
        int first = at;
        // Too large a number wraps, in the kernel as here.
        for (; At(data, at) is >= (byte)'0' and <= (byte)'9'; at++)
            number = unchecked(number * 10 + (uint)(data[at] - '0'));
        if (negative)
            number = unchecked(0 - number);
        return at > first;
    }

    // The kernel's isspace, lib/ctype.c: the no-break space of ISO 8859-1 is one.
    private static int SkipSpaces(ReadOnlySpan<byte> data, int at)
    {
        while (At(data, at) is (>= 9 and <= 13) or (byte)' ' or 0xa0)
            at++;
        return at;
    }

    private static byte At(ReadOnlySpan<byte> data, int at) => at < data.Length ? data[at] : (byte)0;
}
