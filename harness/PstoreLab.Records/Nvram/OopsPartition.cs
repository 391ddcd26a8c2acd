using System.Buffers.Binary;

namespace PstoreLab.Records.Nvram;

/// <summary>
/// The partition <c>lnx,oops-log</c> of a POWER machine's NVRAM, in which pstore's backend <c>nvram</c> keeps one dump
/// (arch/powerpc/kernel/nvram_64.c, 3.12 to 7.2; <c>struct nvram_header</c>, <c>err_log_info</c> and
/// <c>oops_log_info</c> in arch/powerpc/include/asm/nvram.h). All numbers are big-endian.
/// </summary>
/// <param name="Name">The name that pstore gives the record; with <c>.enc.z</c> where its error type is that of a
/// compressed one.</param>
/// <param name="Payload">The record's bytes, perhaps compressed.</param>
/// <param name="WrittenAt">Time of writing; null with the header of kernels before 3.12, which has none.</param>
public sealed record OopsPartition(RecordName Name, ReadOnlyMemory<byte> Payload, DateTimeOffset? WrittenAt)
{
    private const string Backend = "nvram";

    // Signature, checksum, length in blocks, and the name.
    private const int HeaderLength = 16;
    private const int NameOffset = 4;
    private const int BlockLength = 16;

    // Error type and sequence number.
    private const int InfoLength = 8;
    private const uint PanicCompressed = 8;

    // OOPS_HDR_VERSION: more than any length, which an older header begins with.
    private const int Version = 5000;
    private const int OopsHeaderLength = 12;
    private const int OldHeaderLength = 2;

    private static readonly byte[] PartitionName = [.. "lnx,oops-log"u8];

    /// <summary>Whether the record's length is more than what there is of it.</summary>
    public bool IsCut { get; private init; }

    /// <summary>Whether an image of NVRAM begins here that has the partition.</summary>
    /// <param name="head">The first bytes of a file.</param>
    public static bool IsIn(ReadOnlySpan<byte> head) => Find(head) >= 0;

    /// <summary>Reads the record.</summary>
    /// <param name="image">An image of NVRAM, from its first partition on.</param>
    /// <returns>Null where there is no such partition, or nothing was ever written to it.</returns>
    public static OopsPartition? Read(ReadOnlyMemory<byte> image)
    {
        int at = Find(image.Span);
        if (at < 0)
            return null;
        int end = Math.Min(image.Length, at + (BlockLength * Blocks(image.Span[at..])));
        var content = image[(at + HeaderLength)..end];
        if (content.Length < InfoLength + OopsHeaderLength)
            return null;
        uint type = BinaryPrimitives.ReadUInt32BigEndian(content.Span);
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(content.Span[4..]);
        content = content[InfoLength..];
        int version = BinaryPrimitives.ReadUInt16BigEndian(content.Span);
        bool old = version < Version;
        int length = old ? version : BinaryPrimitives.ReadUInt16BigEndian(content.Span[2..]);
        if (length == 0)
            return null;
        ulong seconds = old ? 0 : BinaryPrimitives.ReadUInt64BigEndian(content.Span[4..]);
        content = content[(old ? OldHeaderLength : OopsHeaderLength)..];
        return new OopsPartition(
            new RecordName(RecordType.Dmesg, Backend, sequence, type == PanicCompressed),
            content[..Math.Min(length, content.Length)],
            seconds > 0 && seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                : null
        )
        {
            IsCut = length > content.Length,
        };
    }

    // Partition by partition: each says how long it is.
    private static int Find(ReadOnlySpan<byte> image)
    {
        int at = 0;
        while (at + HeaderLength <= image.Length)
        {
            int blocks = Blocks(image[at..]);
            if (blocks == 0)
                return -1;
            if (image.Slice(at + NameOffset, PartitionName.Length).SequenceEqual(PartitionName))
                return at;
            at += BlockLength * blocks;
        }
        return -1;
    }

    private static int Blocks(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
}
