using System.Text;

namespace PstoreLab.Records.Pmsg;

/// <summary>Android's log in a pmsg record, as lines of logcat.</summary>
public static class AndroidLog
{
    /// <summary>
    /// Makes the lines of <c>logcat -v threadtime,uid</c>, in UTC. What belongs to no whole entry, as where a ring has
    /// overwritten the beginning of one, is counted in a line of its own.
    /// </summary>
    /// <param name="pmsg">All bytes of the record.</param>
    /// <returns>The lines, one character a byte, see <see cref="RecordText"/>; null where the record is none of
    /// Android's.</returns>
    public static string? ToText(ReadOnlySpan<byte> pmsg)
    {
        var text = new StringBuilder();
        int entries = 0,
            lost = 0,
            at = 0;
        while (at < pmsg.Length)
        {
            // One alone may be chance: the bytes of an entry that has lost its beginning.
            if (AndroidLogEntry.At(pmsg, at) is not { } entry || !IsFollowed(pmsg, at + entry.Length))
            {
                lost++;
                at++;
                continue;
            }
            AppendLost(text, ref lost);
            entry.AppendTo(text, pmsg[at..]);
            entries++;
            at += entry.Length;
        }
        AppendLost(text, ref lost);
        return entries > 0 ? text.ToString() : null;
    }

    // By another entry, by its beginning, or by the end.
    private static bool IsFollowed(ReadOnlySpan<byte> pmsg, int end) =>
        pmsg.Length - end < AndroidLogEntry.HeaderLength
            ? end == pmsg.Length || pmsg[end] == AndroidLogEntry.Magic
            : AndroidLogEntry.IsHeader(pmsg[end..]);

    private static void AppendLost(StringBuilder text, ref int lost)
    {
        if (lost > 0)
            text.Append($"[{lost} {(lost == 1 ? "byte" : "bytes")} of no whole entry]\n");
        lost = 0;
    }
}
