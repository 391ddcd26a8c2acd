using System.Buffers.Binary;

namespace PstoreLab.Records.Blk;

/// <summary>
/// Sub-header of a dump, behind the zone's header (<c>struct psz_kmsg_header</c> in fs/pstore/zone.c, 5.10 to 7.2), as
/// a 64-bit compiler lays it out: magic at 0, seconds at 8, nanoseconds at 16, compressed at 24, counter at 28, reason
/// at 32, padding up to 40. The payload begins behind it.
/// </summary>
/// <param name="FoundMagic">The magic, perhaps damaged.</param>
/// <param name="Seconds">Time of writing, in seconds since 1970.</param>
/// <param name="Nanoseconds">Nanoseconds within the second.</param>
/// <param name="Compressed">Whether the payload is compressed.</param>
/// <param name="Counter">Number of dumps of this reason that the device has received; 0 for all but oopses and
/// panics.</param>
/// <param name="Reason">enum kmsg_dump_reason.</param>
internal readonly record struct BlkKmsgHeader(
    uint FoundMagic,
    long Seconds,
    long Nanoseconds,
    bool Compressed,
    int Counter,
    int Reason
)
{
    public const int Length = 40;
    public const uint Magic = 0x4dfc3ae5;

    // kmsg_dump_reason_str, kernel/printk/printk.c.
    private static readonly string[] Reasons =
    [
        DumpReason.Unknown,
        DumpReason.Panic,
        DumpReason.Oops,
        DumpReason.Emergency,
        DumpReason.Shutdown,
    ];

    public string ReasonName => Reason > 0 && Reason < Reasons.Length ? Reasons[Reason] : DumpReason.Unknown;

    /// <summary>Time of writing; null where it is out of range.</summary>
    public DateTimeOffset? WrittenAt =>
        Seconds >= 0 && Seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds() && Nanoseconds is >= 0 and < 1_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / 100)
            : null;

    /// <summary>Number of a reason, one of <see cref="DumpReason"/>.</summary>
    /// <exception cref="RecordFormatException">pstore_blk has no such reason.</exception>
    public static int ReasonOf(string name) =>
        Array.IndexOf(Reasons, name) is >= 0 and var reason
            ? reason
            : throw new RecordFormatException(
                $"'{RecordText.ForDisplay(name)}' is no reason of a dump; expected one of {string.Join(", ", Reasons)}"
            );

    /// <summary>Reads the sub-header.</summary>
    /// <param name="data">Data of the zone, at least <see cref="Length"/> bytes.</param>
    public static BlkKmsgHeader Read(ReadOnlySpan<byte> data) =>
        new(
            BinaryPrimitives.ReadUInt32LittleEndian(data),
            BinaryPrimitives.ReadInt64LittleEndian(data[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(data[16..]),
            data[24] != 0,
            BinaryPrimitives.ReadInt32LittleEndian(data[28..]),
            BinaryPrimitives.ReadInt32LittleEndian(data[32..])
        );

    public void Write(Span<byte> data)
    {
        data[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, FoundMagic);
        BinaryPrimitives.WriteInt64LittleEndian(data[8..], Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(data[16..], Nanoseconds);
        data[24] = Compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(data[28..], Counter);
        BinaryPrimitives.WriteInt32LittleEndian(data[32..], Reason);
    }
}
