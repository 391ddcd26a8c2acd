using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Records.Efi;

/// <summary>
/// One variable in a store: VARIABLE_HEADER or AUTHENTICATED_VARIABLE_HEADER
/// (MdeModulePkg/Include/Guid/VariableFormat.h), its name in UTF-16 with a zero at the end, and its data. The next one
/// begins at a multiple of 4.
/// </summary>
internal sealed class EfiVariable
{
    public const ushort StartId = 0x55aa;
    public const int ShortHeader = 32;
    public const int LongHeader = 60;

    /// <summary>
    /// NON_VOLATILE, BOOTSERVICE_ACCESS and RUNTIME_ACCESS, the attributes that pstore sets (PSTORE_EFI_ATTRIBUTES in
    /// efi-pstore.c).
    /// </summary>
    public const uint PstoreAttributes = 7;

    private const uint RuntimeAccess = 4;

    // Kernels ask for names of up to 1024 bytes. Without a limit, damage could make each name as long as the store.
    private const int MaxNameLength = 1024;

    private EfiVariable(int offset, int headerLength)
    {
        Offset = offset;
        HeaderLength = headerLength;
    }

    /// <summary>Offset of its header in the image, in bytes.</summary>
    public int Offset { get; }

    public int HeaderLength { get; }

    public required VariableState State { get; init; }

    public required uint Attributes { get; init; }

    public required ulong MonotonicCount { get; init; }

    public required Guid Vendor { get; init; }

    /// <summary>Size by the header, in bytes; perhaps larger than the store.</summary>
    public required long NameSize { get; init; }

    /// <inheritdoc cref="NameSize"/>
    public required long DataSize { get; init; }

    /// <summary>Its name up to the first zero, of 1024 bytes at the most.</summary>
    public required string Name { get; init; }

    public required int StoreEnd { get; init; }

    public bool AtRuntime => (Attributes & RuntimeAccess) != 0;

    public int DataOffset => (int)Math.Min(Offset + HeaderLength + NameSize, StoreEnd);

    /// <summary>Bytes of data within the store.</summary>
    public int DataLength => (int)Math.Min(DataSize, StoreEnd - DataOffset);

    /// <summary>Bytes by which it extends beyond the end of the store.</summary>
    public long Missing => Math.Max(0, Offset + HeaderLength + NameSize + DataSize - StoreEnd);

    /// <summary>Offset of the next variable by this one's sizes; perhaps behind the end of the store.</summary>
    public long Next => Aligned(Offset + HeaderLength + NameSize + DataSize);

    public long Length => Next - Offset;

    public static long Aligned(long offset) => (offset + 3) & ~3L;

    /// <summary>Reads the variable at an offset. Firmware recognises one by its start id alone.</summary>
    public static EfiVariable? At(ReadOnlySpan<byte> image, int offset, int end, int headerLength)
    {
        if (end - offset < headerLength || BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]) != StartId)
            return null;
        var header = image.Slice(offset, headerLength);
        int sizes = headerLength == LongHeader ? 36 : 8;
        byte state = header[2];
        uint attributes = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(header[sizes..]);
        uint dataSize = BinaryPrimitives.ReadUInt32LittleEndian(header[(sizes + 4)..]);
        // An incomplete header counts as one without a length (NameSizeOfVariable in VariableParsing.c).
        if (state == 0xff || attributes == uint.MaxValue || nameSize == uint.MaxValue || dataSize == uint.MaxValue)
            (nameSize, dataSize) = (0, 0);
        int name = offset + headerLength;
        return new EfiVariable(offset, headerLength)
        {
            State = new VariableState(state),
            Attributes = attributes,
            MonotonicCount = headerLength == LongHeader ? BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) : 0,
            NameSize = nameSize,
            DataSize = dataSize,
            Vendor = new Guid(header[(sizes + 8)..(sizes + 24)]),
            Name = ReadName(image[name..(int)Math.Min(end, name + (long)Math.Min(nameSize, MaxNameLength))]),
            StoreEnd = end,
        };
    }

    /// <summary>Writes a variable as firmware does. The caller guarantees enough blank room.</summary>
    public static void Write(Span<byte> image, int offset, int headerLength, string name, ReadOnlySpan<byte> data)
    {
        var header = image.Slice(offset, headerLength);
        header.Clear();
        int sizes = headerLength == LongHeader ? 36 : 8;
        BinaryPrimitives.WriteUInt16LittleEndian(header, StartId);
        header[2] = VariableState.Added;
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], PstoreAttributes);
        BinaryPrimitives.WriteInt32LittleEndian(header[sizes..], NameBytes(name));
        BinaryPrimitives.WriteInt32LittleEndian(header[(sizes + 4)..], data.Length);
        EfiGuids.Dump.TryWriteBytes(header[(sizes + 8)..]);
        var text = image.Slice(offset + headerLength, NameBytes(name));
        Encoding.Unicode.GetBytes(name, text);
        text[^2..].Clear();
        data.CopyTo(image[(offset + headerLength + text.Length)..]);
    }

    /// <summary>Bytes of a name, with the zero at its end.</summary>
    public static int NameBytes(string name) => (name.Length + 1) * 2;

    private static string ReadName(ReadOnlySpan<byte> bytes)
    {
        var name = new StringBuilder();
        for (
            int at = 0;
            at + 1 < bytes.Length && BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) is var unit and not 0;
            at += 2
        )
            name.Append((char)unit);
        return name.ToString();
    }
}
