using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// What pstore's ftrace frontend records: a function that was called, and from where (<c>struct
/// pstore_ftrace_record</c> in include/linux/pstore.h, 5.10 to 7.2, on a 64-bit machine: u64 ip, u64 parent_ip, u64
/// with the CPU in its low byte and a count of calls above it).
/// </summary>
/// <param name="Ip">Address of the function.</param>
/// <param name="ParentIp">Address in its caller.</param>
/// <param name="Timestamp">A count of calls since boot, not a time.</param>
public readonly record struct FtraceEntry(ulong Ip, ulong ParentIp, ulong Timestamp, int Cpu)
{
    /// <summary>
    /// As in <c>/sys/fs/pstore/ftrace-…</c> (<c>pstore_ftrace_seq_show</c> in fs/pstore/inode.c), without the names,
    /// which only the kernel knows.
    /// </summary>
    public override string ToString() => $"CPU:{Cpu} ts:{Timestamp} {Ip:x8}  {ParentIp:x8}";
}

/// <summary>
/// The entries of ftrace zones, and the one record that the kernel makes of all CPUs' (fs/pstore/ftrace.c, 5.10 to
/// 7.2).
/// </summary>
public static partial class FtraceLog
{
    /// <summary>In bytes, on a 64-bit machine.</summary>
    public const int EntrySize = 24;

    private const int CpuBits = 8;

    /// <summary>
    /// The entries of one zone, oldest first. The first may have been overwritten in part: what is no whole entry is at
    /// the beginning.
    /// </summary>
    /// <param name="payload">Of the zone, unrolled.</param>
    public static IReadOnlyList<FtraceEntry> Parse(ReadOnlySpan<byte> payload)
    {
        payload = payload[(payload.Length % EntrySize)..];
        var entries = new FtraceEntry[payload.Length / EntrySize];
        for (int index = 0; index < entries.Length; index++, payload = payload[EntrySize..])
        {
            ulong stamp = BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]);
            entries[index] = new FtraceEntry(
                BinaryPrimitives.ReadUInt64LittleEndian(payload),
                BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]),
                stamp >> CpuBits,
                (int)(stamp & ((1 << CpuBits) - 1))
            );
        }
        return entries;
    }

    /// <summary>
    /// Puts the zones of all CPUs together by timestamp, as <c>pstore_ftrace_combine_log</c> does zone after zone:
    /// <c>ftrace-ramoops-0</c>.
    /// </summary>
    /// <param name="payloads">In the order of the zones.</param>
    public static IReadOnlyList<FtraceEntry> Merge(IEnumerable<ReadOnlyMemory<byte>> payloads)
    {
        var merged = new List<FtraceEntry>();
        foreach (var payload in payloads)
        {
            var next = Parse(payload.Span);
            var both = new List<FtraceEntry>(merged.Count + next.Count);
            int left = 0,
                right = 0;
            // An equal one of the later zone comes first.
            while (left < merged.Count && right < next.Count)
                both.Add(merged[left].Timestamp < next[right].Timestamp ? merged[left++] : next[right++]);
            both.AddRange(merged.Skip(left));
            both.AddRange(next.Skip(right));
            merged = both;
        }
        return merged;
    }

    /// <summary>One line to an entry.</summary>
    public static string ToText(IEnumerable<FtraceEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
            text.Append(entry).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// What a kernel shows in <c>/sys/fs/pstore/ftrace-…</c>, each line as <see cref="ToText"/> has it; what is no such
    /// line stays as it is.
    /// </summary>
    public static byte[] RemoveFunctionNames(ReadOnlySpan<byte> shown) =>
        RecordText.ToBytes(Names().Replace(RecordText.FromBytes(shown), ""));

    [GeneratedRegex(@"(?<=^CPU:\d{1,3} ts:\d{1,20} [0-9a-f]{8,16}  [0-9a-f]{8,16})  \S[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Names();

    /// <summary>The bytes of an entry, as the kernel writes them.</summary>
    public static byte[] ToBytes(FtraceEntry entry)
    {
        byte[] bytes = new byte[EntrySize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry.Ip);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), entry.ParentIp);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), entry.Timestamp << CpuBits | (byte)entry.Cpu);
        return bytes;
    }
}
