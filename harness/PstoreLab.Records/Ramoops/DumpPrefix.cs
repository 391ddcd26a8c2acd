namespace PstoreLab.Records.Ramoops;

/// <summary>
/// The line before a dump in its zone, <c>====SECONDS.MICROSECONDS-C\n</c> with C for compressed and D for not
/// (<c>ramoops_write_kmsg_hdr</c> and <c>ramoops_read_kmsg_hdr</c> in fs/pstore/ram.c, 5.10 to 7.2).
/// </summary>
/// <param name="Seconds">Time of writing, in seconds since 1970.</param>
/// <param name="Microseconds">Microseconds within the second; damage can make them more.</param>
/// <param name="Compressed">Whether the record is compressed.</param>
/// <param name="Length">Length of the prefix as a kernel parses it, in bytes.</param>
/// <param name="Swallowed">Bytes of white space behind the end of the line. They belong to the record, and a kernel
/// counts them as a part of the prefix.</param>
internal readonly record struct DumpPrefix(long Seconds, ulong Microseconds, bool Compressed, int Length, int Swallowed)
{
    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>The character behind the hyphen; null where there is no hyphen.</summary>
    public char? Flag { get; init; }

    /// <summary>Time of writing; null where it is out of range.</summary>
    public DateTimeOffset? WrittenAt =>
        Microseconds < MicrosecondsPerSecond
        && Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        && Seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(Seconds).AddMicroseconds(Microseconds)
            : null;

    /// <summary>The prefix as a kernel writes it.</summary>
    public static byte[] Format(DateTimeOffset written, bool compressed)
    {
        // Rounded down, because microseconds are never negative.
        long ticks = written.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        return RecordText.ToBytes(
            $"===={seconds}.{rest / TimeSpan.TicksPerMicrosecond:000000}-{(compressed ? 'C' : 'D')}\n"
        );
    }

    /// <summary>
    /// Parses the prefix as the kernel's sscanf does, first "====%lld.%lu-%c\n", then "====%lld.%lu\n". White space
    /// before a number is skipped. The line feed in the formats matches any amount of white space, or none.
    /// </summary>
    /// <returns>Null where there is no prefix: a kernel empties such a zone without a message.</returns>
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
        char? flag = null;
        // A NUL ends the text for sscanf.
        if (At(data, at) == '-' && At(data, at + 1) != 0)
        {
            flag = (char)data[at + 1];
            at += 2;
        }
        int end = SkipSpaces(data, at);
        return new DumpPrefix((long)seconds, microseconds, flag == 'C', end, Math.Max(0, end - at - 1)) { Flag = flag };
    }

    private static bool TryNumber(ReadOnlySpan<byte> data, ref int at, bool signed, out ulong number)
    {
        number = 0;
        at = SkipSpaces(data, at);
        bool negative = signed && At(data, at) == '-';
        if (negative)
            at++;
        int first = at;
        // A number that is too large wraps, as in the kernel.
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
