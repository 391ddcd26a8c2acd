using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Records.Efi;

/// <summary>
/// One entry of an NVAR store, as UEFITool and chipsec read it: "NVAR", u16 length of all, u24 distance to the entry
/// with newer data, u8 attributes; then, unless it has data alone, the vendor (a GUID, or a number of one that stands
/// elsewhere) and the name; then the data, and perhaps an extended header with its length in the last two bytes.
/// </summary>
internal sealed record NvarEntry(int Offset, int Length, byte Attributes)
{
    private const int HeaderLength = 10;
    private const int GuidLength = 16;
    private const int NoNext = 0xffffff;

    private const byte Runtime = 0x01;
    private const byte AsciiName = 0x02;
    private const byte HasGuid = 0x04;
    private const byte DataOnly = 0x08;
    private const byte ExtendedHeader = 0x10;
    private const byte Valid = 0x80;

    /// <summary>Distance to the entry with newer data, in bytes; null where this one has the newest.</summary>
    public required int? Next { get; init; }

    /// <summary>Vendor; null where only its number stands here.</summary>
    public Guid? Vendor { get; init; }

    /// <summary>Name; null where it has data alone.</summary>
    public string? Name { get; init; }

    public required int DataOffset { get; init; }

    public required int DataLength { get; init; }

    public bool IsValid => (Attributes & Valid) != 0;

    public bool IsRuntime => (Attributes & Runtime) != 0;

    public bool IsDataOnly => (Attributes & DataOnly) != 0;

    /// <summary>Whether the header of an entry, of any length, is here.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length > HeaderLength
        && bytes.StartsWith(NvarStore.Signature)
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) is > HeaderLength and < ushort.MaxValue;

    /// <summary>Reads the entry at an offset; null where there is none, or it is not whole.</summary>
    public static NvarEntry? At(ReadOnlySpan<byte> image, int offset)
    {
        if (!IsHeader(image[offset..]))
            return null;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(image[(offset + 4)..]);
        if (length > image.Length - offset)
            return null;
        var entry = image.Slice(offset, length);
        byte attributes = entry[9];
        int next = entry[6] | (entry[7] << 8) | (entry[8] << 16);
        int at = HeaderLength;
        Guid? vendor = null;
        string? name = null;
        if ((attributes & DataOnly) == 0)
        {
            int vendorLength = (attributes & HasGuid) != 0 ? GuidLength : 1;
            if (vendorLength == GuidLength && length - at >= GuidLength)
                vendor = new Guid(entry.Slice(at, GuidLength));
            at = Math.Min(length, at + vendorLength);
            name = ReadName(entry[at..], (attributes & AsciiName) != 0, out int nameLength);
            at += nameLength;
        }
        int behind =
            (attributes & ExtendedHeader) != 0 ? BinaryPrimitives.ReadUInt16LittleEndian(entry[(length - 2)..]) : 0;
        return new NvarEntry(offset, length, attributes)
        {
            Next = next is NoNext or 0 ? null : next,
            Vendor = vendor,
            Name = name,
            DataOffset = offset + at,
            DataLength = Math.Max(0, length - at - behind),
        };
    }

    private static string ReadName(ReadOnlySpan<byte> bytes, bool ascii, out int length)
    {
        int width = ascii ? 1 : 2;
        length = 0;
        var name = new StringBuilder();
        while (bytes.Length - length >= width)
        {
            char unit = ascii ? (char)bytes[length] : (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[length..]);
            length += width;
            if (unit == 0)
                break;
            name.Append(unit);
        }
        return name.ToString();
    }
}
