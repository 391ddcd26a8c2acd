using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Records.Efi;

/// <summary>
/// One variable in a store: VARIABLE_HEADER or AUTHENTICATED_VARIABLE_HEADER
/// (MdeModulePkg/Include/Guid/VariableFormat.h), its name in UTF-16 with a zero at the end, its data; the next begins
/// at a multiple of 4.
/// </summary>
internal sealed class EfiVariable
{
    public const ushort StartId = 0x55aa;
    public const int ShortHeader = 32;
    public const int LongHeader = 60;

    /// <summary>
    /// NON_VOLATILE, BOOTSERVICE_ACCESS, RUNTIME_ACCESS: what pstore sets (PSTORE_EFI_ATTRIBUTES in efi-pstore.c).
    /// </summary>
    public const uint PstoreAttributes = 7;

    private const uint RuntimeAccess = 4;

    // Kernels ask for names of up to 1024 bytes; without an end, damage could make every variable's name as long as the
    // store.
    private const int LongestName = 1024;

    private EfiVariable(int offset, int headerLength)
    {
        Offset = offset;
        HeaderLength = headerLength;
    }

    /// <summary>Of its header, in bytes from the beginning of the image.</summary>
    public int Offset { get; }

    public int HeaderLength { get; }

    public required VariableState State { get; init; }

    public required uint Attributes { get; init; }

    public required ulong MonotonicCount { get; init; }

    public required Guid Vendor { get; init; }

    /// <summary>As its header says; more than the store may be.</summary>
    public required long NameSize { get; init; }

    /// <inheritdoc cref="NameSize"/>
    public required long DataSize { get; init; }

    /// <summary>Up to the first zero, or to where nobody would ask for a longer one.</summary>
    public required string Name { get; init; }

    public required int StoreEnd { get; init; }

    public bool AtRuntime => (Attributes & RuntimeAccess) != 0;

    public int DataOffset => (int)Math.Min(Offset + HeaderLength + NameSize, StoreEnd);

    /// <summary>In bytes, as far as it is within the store.</summary>
    public int DataLength => (int)Math.Min(DataSize, StoreEnd - DataOffset);

    /// <summary>How many bytes of it would lie behind the end of the store.</summary>
    public long Missing => Math.Max(0, Offset + HeaderLength + NameSize + DataSize - StoreEnd);

    /// <summary>Where the next one begins, as firmware reckons; perhaps behind the end.</summary>
    public long Next => Aligned(Offset + HeaderLength + NameSize + DataSize);

    public long Length => Next - Offset;

    public static long Aligned(long offset) => (offset + 3) & ~3L;

    /// <summary>Whether a variable begins here; its start and nothing else decides for firmware.</summary>
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
        // A header that was not written in full has no length (NameSizeOfVariable in VariableParsing.c).
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
            Name = ReadName(image[name..(int)Math.Min(end, name + (long)Math.Min(nameSize, LongestName))]),
            StoreEnd = end,
        };
    }

    /// <summary>Writes one as firmware does; the caller has seen to the room, which is blank.</summary>
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

    /// <summary>With the zero at its end.</summary>
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
