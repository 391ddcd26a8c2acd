using System.Globalization;

namespace PstoreLab.Records.Salvage;

/// <summary>How much of a text is lines of a kernel log, one behind the other.</summary>
/// <param name="Good">Lines with a priority and a time that is not before the last one's.</param>
/// <param name="Bad">Other lines; the header and what is cut at either end do not count.</param>
/// <param name="FirstBad">Offset of the first of these, in bytes; -1 for none.</param>
internal readonly record struct LogScore(int Good, int Bad, int FirstBad)
{
    // Processors print at once, and the clock of one is a little late.
    private const decimal Tolerance = 1;

    public int Value => Good - 2 * Bad;

    public static LogScore Of(ReadOnlySpan<byte> text)
    {
        int good = 0;
        int bad = 0;
        int firstBad = -1;
        decimal last = -1;
        int start = text.IndexOf((byte)'\n') + 1;
        int at = start;
        while (at < text.Length)
        {
            int length = text[at..].IndexOf((byte)'\n');
            if (length < 0)
                break;
            if (TryTime(text.Slice(at, length), out decimal time) && time >= last - Tolerance)
            {
                good++;
                last = time;
            }
            // The first line of a part may be cut.
            else if (good > 0 || bad > 0 || at != start)
            {
                bad++;
                if (firstBad < 0)
                    firstBad = at;
            }
            at += length + 1;
        }
        return new LogScore(good, bad, firstBad);
    }

    // <6>[    1.234567] and nothing that is no text behind it.
    private static bool TryTime(ReadOnlySpan<byte> line, out decimal time)
    {
        time = 0;
        int priority = LogEnd.PriorityLength(line);
        if (priority == 0)
            return false;
        line = line[priority..];
        int end = line.IndexOf((byte)']');
        return line.Length > 2
            && line[0] == '['
            && end > 8
            && line[(end + 1)..].IndexOfAnyInRange((byte)0, (byte)8) < 0
            && decimal.TryParse(
                RecordText.FromBytes(line[1..end]),
                NumberStyles.AllowLeadingWhite | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out time
            );
    }
}
