namespace PstoreLab.Records;

/// <summary>
/// Where a text ceases to be one of a kernel log. The stream of a damaged record often goes on: with letters that mean
/// nothing, up to where it breaks.
/// </summary>
public static class LogEnd
{
    // A line feed may be in a message, and a line may be cut; more than that is no log.
    private const int MaxForeignLines = 3;

    // In bytes. A stretch of text of a log has few that are none.
    private const int Stretch = 32;
    private const int MaxControls = 4;

    /// <summary>Finds the end.</summary>
    /// <param name="text">The text of a record from its beginning, one byte a character.</param>
    /// <returns>The number of its first bytes that are a log; all of them where nothing speaks against it.</returns>
    public static int Find(ReadOnlySpan<byte> text)
    {
        int end = EndOfText(text);
        int foreign = 0;
        bool prefixed = false;
        int goodEnd = 0;
        int at = 0;
        while (at < end)
        {
            int length = text[at..end].IndexOf((byte)'\n') is >= 0 and var feed ? feed + 1 : end - at;
            bool known = HasPriority(text.Slice(at, length));
            prefixed |= known;
            if (known || !prefixed)
                (foreign, goodEnd) = (0, at + length);
            else if (++foreign == MaxForeignLines)
                return goodEnd;
            at += length;
        }
        // At the end of a stream that broke, the last lines are as doubtful as those between.
        return foreign > 0 && end < text.Length ? goodEnd : end;
    }

    private static int EndOfText(ReadOnlySpan<byte> text)
    {
        int controls = 0;
        for (int at = 0; at < text.Length; at++)
        {
            controls += IsControl(text[at]) ? 1 : 0;
            controls -= at >= Stretch && IsControl(text[at - Stretch]) ? 1 : 0;
            if (controls > MaxControls)
            {
                int first = Math.Max(0, at - Stretch + 1);
                while (!IsControl(text[first]))
                    first++;
                return first;
            }
        }
        return text.Length;
    }

    // UTF-8 is text.
    private static bool IsControl(byte value) => value is < 32 and not ((byte)'\n' or (byte)'\t' or (byte)'\r') or 127;

    private static bool HasPriority(ReadOnlySpan<byte> line) => PriorityLength(line) > 0;

    /// <summary>Length of <c>&lt;6&gt;</c> at the beginning of a line, in bytes; 0 where there is none.</summary>
    internal static int PriorityLength(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != '<')
            return 0;
        int close = line[..Math.Min(line.Length, 7)].IndexOf((byte)'>');
        return close > 1 && line[1..close].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? close + 1 : 0;
    }
}
