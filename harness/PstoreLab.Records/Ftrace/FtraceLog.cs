using System.Text;
using System.Text.RegularExpressions;

namespace PstoreLab.Records.Ftrace;

/// <summary>
/// Merges the ftrace zones of all CPUs into one record, and makes text of it, as a kernel does (fs/pstore/ftrace.c and
/// inode.c, 5.10 to 7.2).
/// </summary>
public static partial class FtraceLog
{
    /// <summary>
    /// Merges the zones of all CPUs by timestamp, zone after zone as <c>pstore_ftrace_combine_log</c> does:
    /// <c>ftrace-ramoops-0</c>.
    /// </summary>
    /// <param name="zones">The calls of each zone, in the order of the zones.</param>
    /// <returns>The calls in ascending order of their timestamps.</returns>
    public static IReadOnlyList<FtraceEntry> Merge(IEnumerable<IReadOnlyList<FtraceEntry>> zones)
    {
        var merged = new List<FtraceEntry>();
        foreach (var next in zones)
        {
            var both = new List<FtraceEntry>(merged.Count + next.Count);
            int left = 0,
                right = 0;
            // Of two equal timestamps the one of the later zone comes first.
            while (left < merged.Count && right < next.Count)
                both.Add(merged[left].Timestamp < next[right].Timestamp ? merged[left++] : next[right++]);
            both.AddRange(merged.Skip(left));
            both.AddRange(next.Skip(right));
            merged = both;
        }
        return merged;
    }

    /// <summary>Makes one line of each call, as <see cref="FtraceEntry.ToString"/> does.</summary>
    /// <param name="entries">Any calls.</param>
    public static string ToText(IEnumerable<FtraceEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
            text.Append(entry).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// Removes the function names from a file <c>/sys/fs/pstore/ftrace-…</c>: its lines become those of
    /// <see cref="ToText"/>. Other lines are kept.
    /// </summary>
    /// <param name="shown">All bytes of the file.</param>
    public static byte[] RemoveFunctionNames(ReadOnlySpan<byte> shown) =>
        RecordText.ToBytes(Names().Replace(RecordText.FromBytes(shown), ""));

    [GeneratedRegex(@"(?<=^CPU:\d{1,3} ts:\d{1,20} [0-9a-f]{8,16}  [0-9a-f]{8,16})  \S[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Names();
}
