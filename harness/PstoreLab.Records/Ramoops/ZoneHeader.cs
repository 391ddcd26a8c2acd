using System.Buffers.Binary;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// The header of a zone, in the byte order of the machine: u32 signature, u32 start, u32 size (<c>struct
/// persistent_ram_buffer</c> in fs/pstore/ram_core.c, 5.10 to 7.2).
/// </summary>
/// <param name="Signature">Signature of the zone's type.</param>
/// <param name="Start">Offset of the next byte to write; of the earliest byte once the ring is full.</param>
/// <param name="Length">Bytes of valid data, the field <c>size</c>.</param>
internal readonly record struct ZoneHeader(uint Signature, uint Start, uint Length)
{
    /// <summary>Size of the header, in bytes.</summary>
    public const int Size = 12;

    /// <summary>"DBGC". pstore_blk has the same, with the next two fields in the reverse order.</summary>
    public const uint Dbgc = 0x43474244;

    public bool IsEmpty => Start == 0 && Length == 0;

    /// <summary>Whether a kernel accepts the header (<c>persistent_ram_post_init</c>).</summary>
    public bool Fits(int dataSize) => Length <= dataSize && Start <= Length;

    /// <summary>The signature as bytes: "DBGC", and "CGBD" of a big-endian machine.</summary>
    public static ReadOnlySpan<byte> Magic(bool bigEndian) => bigEndian ? "CGBD"u8 : "DBGC"u8;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">At least 12 bytes.</param>
    /// <param name="bigEndian">Byte order of the three words.</param>
    public static ZoneHeader Read(ReadOnlySpan<byte> bytes, bool bigEndian = false) =>
        bigEndian
            ? new(
                BinaryPrimitives.ReadUInt32BigEndian(bytes),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[8..])
            )
            : new(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])
            );

    public void Write(Span<byte> bytes, bool bigEndian = false)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, Signature);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], Start);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Length);
            return;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Signature);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Start);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Length);
    }

    /// <summary>
    /// Signature of an ftrace zone, with LINUX_VERSION_CODE in it (<c>ramoops_probe</c> in fs/pstore/ram.c, 5.10 to
    /// 7.2): no other kernel than the writing one reads the zone.
    /// </summary>
    /// <param name="kernel">Version of the kernel. A third number above 255 counts as 255, as in LINUX_VERSION_CODE,
    /// and an absent one as 0.</param>
    public static uint FtraceSignature(Version kernel) =>
        Dbgc
        ^ (
            (uint)(kernel.Major & 0xff) << 16
            | (uint)(kernel.Minor & 0xff) << 8
            | (uint)Math.Clamp(kernel.Build, 0, 255)
        );

    /// <summary>
    /// Version of the kernel in the signature of an ftrace zone; null for a signature of none from 3.x to 15.x.
    /// </summary>
    public static Version? FtraceKernel(uint signature)
    {
        uint code = signature ^ Dbgc;
        var (major, minor, patch) = ((int)(code >> 16), (int)(code >> 8 & 0xff), (int)(code & 0xff));
        return major is >= 3 and <= 15 ? new Version(major, minor, patch) : null;
    }
}
