using System.Buffers.Binary;

namespace PstoreLab.Records.Erst;

/// <summary>
/// The header of a UEFI common platform error record, as pstore writes it: 128 bytes of header and 72 of one section
/// descriptor, with the payload behind them (<c>struct cper_record_header</c> and <c>cper_section_descriptor</c> in
/// include/linux/cper.h, packed, little-endian; <c>struct cper_pstore_record</c> in drivers/acpi/apei/erst.c; the same
/// from 5.10 to 7.2).
/// </summary>
internal sealed class CperRecord
{
    public const int HeaderLength = 128;
    public const int PrefixLength = 200;

    /// <summary>"CPER".</summary>
    public const uint Signature = 0x52455043;

    public const uint SignatureEnd = 0xffffffff;
    public const ushort KnownRevision = 0x0100;
    public const uint Fatal = 1;

    /// <summary>CPER_VALID_TIMESTAMP.</summary>
    public const uint TimestampValid = 2;

    /// <summary>CPER_HW_ERROR_FLAGS_PREVERR: the error is of a previous boot.</summary>
    public const uint PreviousError = 2;

    /// <summary>CPER_SEC_PRIMARY.</summary>
    public const uint PrimarySection = 1;

    /// <summary>CPER_CREATOR_PSTORE, and CPER_CREATOR_MCE, which is the same.</summary>
    public static readonly Guid LinuxCreator = new("75a574e3-5052-4b29-8a8e-be2c6490b89d");

    /// <summary>CPER_NOTIFY_MCE, for records of all types.</summary>
    public static readonly Guid MceNotification = new("e8f56ffe-919c-4cc5-ba88-65abe14913bb");

    private CperRecord(ReadOnlySpan<byte> prefix)
    {
        FoundSignature = U32(prefix, 0);
        Revision = U16(prefix, 4);
        FoundSignatureEnd = U32(prefix, 6);
        SectionCount = U16(prefix, 10);
        Severity = U32(prefix, 12);
        ValidationBits = U32(prefix, 16);
        RecordLength = U32(prefix, 20);
        Timestamp = U64(prefix, 24);
        PlatformId = new Guid(prefix[32..48]);
        PartitionId = new Guid(prefix[48..64]);
        CreatorId = new Guid(prefix[64..80]);
        NotificationType = new Guid(prefix[80..96]);
        RecordId = U64(prefix, 96);
        Flags = U32(prefix, 104);
        PersistenceInformation = U64(prefix, 108);
        SectionOffset = U32(prefix, 128);
        SectionLength = U32(prefix, 132);
        SectionRevision = U16(prefix, 136);
        SectionValidationBits = prefix[138];
        SectionFlags = U32(prefix, 140);
        SectionType = new Guid(prefix[144..160]);
        FruId = new Guid(prefix[160..176]);
        SectionSeverity = U32(prefix, 176);
    }

    public uint FoundSignature { get; }

    public ushort Revision { get; }

    public uint FoundSignatureEnd { get; }

    public ushort SectionCount { get; }

    public uint Severity { get; }

    public uint ValidationBits { get; }

    /// <summary>Length of the whole record in bytes, the only length that a kernel uses.</summary>
    public uint RecordLength { get; }

    /// <summary>Seconds since 1970. UEFI specifies a date in BCD.</summary>
    public ulong Timestamp { get; }

    public Guid PlatformId { get; }

    public Guid PartitionId { get; }

    public Guid CreatorId { get; }

    public Guid NotificationType { get; }

    public ulong RecordId { get; }

    public uint Flags { get; }

    /// <summary>"ER" in its first two bytes, set by <c>erst_write</c>.</summary>
    public ulong PersistenceInformation { get; }

    public uint SectionOffset { get; }

    public uint SectionLength { get; }

    public ushort SectionRevision { get; }

    public byte SectionValidationBits { get; }

    public uint SectionFlags { get; }

    public Guid SectionType { get; }

    public Guid FruId { get; }

    public uint SectionSeverity { get; }

    /// <summary>
    /// Time of writing. Null where the timestamp is not marked as valid, as in a machine check, or is out of range.
    /// </summary>
    public DateTimeOffset? WrittenAt =>
        (ValidationBits & TimestampValid) != 0 && Timestamp <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)Timestamp)
            : null;

    /// <param name="slot">At least <see cref="PrefixLength"/> bytes.</param>
    public static CperRecord Read(ReadOnlySpan<byte> slot) => new(slot[..PrefixLength]);

    /// <summary>
    /// Writes the 200 bytes before a payload as <c>erst_writer</c> does, or for a machine check as
    /// <c>apei_write_mce</c>, without a timestamp.
    /// </summary>
    public static void WritePrefix(Span<byte> slot, Guid sectionType, ulong recordId, long seconds, int payload)
    {
        Span<byte> prefix = slot[..PrefixLength];
        prefix.Clear();
        Put(prefix, 0, Signature);
        Put(prefix, 4, KnownRevision);
        Put(prefix, 6, SignatureEnd);
        Put(prefix, 10, (ushort)1);
        Put(prefix, 12, Fatal);
        Put(prefix, 20, (uint)(PrefixLength + payload));
        if (sectionType != CperSectionType.MachineCheck)
        {
            Put(prefix, 16, TimestampValid);
            BinaryPrimitives.WriteInt64LittleEndian(prefix[24..], seconds);
        }
        LinuxCreator.TryWriteBytes(prefix[64..]);
        MceNotification.TryWriteBytes(prefix[80..]);
        BinaryPrimitives.WriteUInt64LittleEndian(prefix[96..], recordId);
        Put(prefix, 104, PreviousError);
        "ER"u8.CopyTo(prefix[108..]);
        Put(prefix, 128, PrefixLength);
        Put(prefix, 132, (uint)payload);
        Put(prefix, 136, KnownRevision);
        Put(prefix, 140, PrimarySection);
        sectionType.TryWriteBytes(prefix[144..]);
        Put(prefix, 176, Fatal);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    private static void Put(Span<byte> bytes, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void Put(Span<byte> bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
}
