using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// One function call, as pstore's ftrace frontend records it (<c>struct pstore_ftrace_record</c> in
/// include/linux/pstore.h, 5.10 to 7.2, on a 64-bit machine: u64 ip, u64 parent_ip, and a u64 with the CPU in its low
/// byte and a count of calls above it).
/// </summary>
/// <param name="Ip">Address of the function.</param>
/// <param name="ParentIp">Address in its caller.</param>
/// <param name="Timestamp">Count of calls since boot; it is no time.</param>
/// <param name="Cpu">Number of the CPU, 0 to 255.</param>
public readonly record struct FtraceEntry(ulong Ip, ulong ParentIp, ulong Timestamp, int Cpu)
{
    /// <summary>
    /// The line of <c>/sys/fs/pstore/ftrace-…</c> (<c>pstore_ftrace_seq_show</c> in fs/pstore/inode.c, 5.10 to 7.2),
    /// without the function names: the kernel alone knows them.
    /// </summary>
    public override string ToString() => $"CPU:{Cpu} ts:{Timestamp} {Ip:x8}  {ParentIp:x8}";
}

/// <summary>
/// Decodes ftrace records, and merges the zones of all CPUs into one record, as a kernel does (fs/pstore/ftrace.c, 5.10
/// to 7.2).
/// </summary>
public static partial class FtraceLog
{
    /// <summary>Size of an entry in bytes, on a 64-bit machine.</summary>
    public const int EntrySize = 24;

    private const int CpuBits = 8;

    /// <summary>
    /// Decodes the entries of one zone. The first entry may be overwritten in part: the bytes before the first complete
    /// one are skipped.
    /// </summary>
    /// <param name="payload">Payload of the zone, the first byte written first.</param>
    /// <returns>The entries, the first call first.</returns>
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
    /// Merges the zones of all CPUs by timestamp, zone after zone as <c>pstore_ftrace_combine_log</c> does:
    /// <c>ftrace-ramoops-0</c>.
    /// </summary>
    /// <param name="payloads">Payloads of the zones, in their order.</param>
    /// <returns>The entries in ascending order of their timestamps.</returns>
    public static IReadOnlyList<FtraceEntry> Merge(IEnumerable<ReadOnlyMemory<byte>> payloads)
    {
        var merged = new List<FtraceEntry>();
        foreach (var payload in payloads)
        {
            var next = Parse(payload.Span);
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

    /// <summary>Makes one line of each entry, as <see cref="FtraceEntry.ToString"/> does.</summary>
    /// <param name="entries">Any entries.</param>
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

    /// <summary>Encodes an entry as a kernel does.</summary>
    /// <param name="entry">Any entry; the CPU is taken modulo 256.</param>
    /// <returns><see cref="EntrySize"/> bytes.</returns>
    public static byte[] ToBytes(FtraceEntry entry)
    {
        byte[] bytes = new byte[EntrySize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry.Ip);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), entry.ParentIp);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), entry.Timestamp << CpuBits | (byte)entry.Cpu);
        return bytes;
    }
}
