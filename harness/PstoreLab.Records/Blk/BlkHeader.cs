using System.Buffers.Binary;

namespace PstoreLab.Records.Blk;

/// <summary>
/// Header of a zone (<c>struct psz_buffer</c> in fs/pstore/zone.c, 5.10 to 7.2), little-endian as the machines it is
/// read for: u32 signature, DBGC xor the number of the type; s32 length of the data; s32 start. ramoops has the last
/// two in the reverse order, and no sub-header in dumps.
/// </summary>
/// <param name="Signature">Signature of the zone's type.</param>
/// <param name="DataLength">Bytes of data, in a dump its sub-header included.</param>
/// <param name="Start">Offset of a ring's first byte; 0 in a dump.</param>
internal readonly record struct BlkHeader(uint Signature, int DataLength, int Start)
{
    public const int Length = 12;

    private const uint Dbgc = 0x43474244;

    /// <exception cref="RecordFormatException">pstore_blk keeps no such records.</exception>
    public static uint SignatureOf(string type) =>
        Dbgc
        ^ type switch
        {
            // enum pstore_type_id, include/linux/pstore.h.
            RecordType.Dmesg => 0u,
            RecordType.Console => 2u,
            RecordType.Ftrace => 3u,
            RecordType.Pmsg => 7u,
            _ => throw new RecordFormatException($"pstore_blk keeps dmesg, console, ftrace and pmsg, not {type}"),
        };

    /// <param name="zone">At least <see cref="Length"/> bytes.</param>
    public static BlkHeader Read(ReadOnlySpan<byte> zone) =>
        new(
            BinaryPrimitives.ReadUInt32LittleEndian(zone),
            BinaryPrimitives.ReadInt32LittleEndian(zone[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(zone[8..])
        );

    public void Write(Span<byte> zone)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(zone, Signature);
        BinaryPrimitives.WriteInt32LittleEndian(zone[4..], DataLength);
        BinaryPrimitives.WriteInt32LittleEndian(zone[8..], Start);
    }
}
