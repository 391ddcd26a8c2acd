using System.Buffers.Binary;
using System.Numerics;

namespace PstoreLab.Records.Ramoops;

/// <summary>Places of zone headers in an image, and of bytes that look like one.</summary>
internal readonly ref struct HeaderMap
{
    // Zones begin at even offsets. A text with "DBGC" in it has no plausible size behind it.
    private readonly List<int> _offsets = [];

    // More than any area has; an image made to waste time may have them.
    private const int MaxHeaders = 4096;

    // Bits that memory without power may have lost of a signature's 32. Zeros are 11 bits away, and all ones 21.
    private const int MaxRottenBits = 6;

    // Bytes of text that tell a log from other content.
    private const int MinText = 24;

    // Bytes at the beginning of a zone; zeros there are taken for a zone that was never written.
    private const int UnwrittenSample = 64;

    private readonly bool _bigEndian;

    /// <param name="image">Image to search.</param>
    /// <param name="bigEndian">Whether the headers are big-endian.</param>
    /// <param name="rotten">Whether <see cref="Offsets"/> has headers with some wrong bits in the signature,
    /// too.</param>
    public HeaderMap(ReadOnlySpan<byte> image, bool bigEndian = false, bool rotten = false)
    {
        Image = image;
        _bigEndian = bigEndian;
        if (rotten)
        {
            // The first look at every offset is a cheap one: a file without an area has millions of them.
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(ZoneHeader.Magic(bigEndian));
            for (int at = 0; at + ZoneHeader.Size <= image.Length && _offsets.Count < MaxHeaders; at += 2)
            {
                uint found = BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
                if (BitOperations.PopCount(found ^ magic) <= MaxRottenBits && IsPlain(at) && IsPlausible(at))
                    _offsets.Add(at);
            }
            return;
        }
        int from = 0;
        while (_offsets.Count < MaxHeaders && image[from..].IndexOf(ZoneHeader.Magic(bigEndian)) is var next and >= 0)
        {
            int at = from + next;
            if (at % 2 == 0 && Has(at) && IsPlausible(at))
                _offsets.Add(at);
            from = at + 4;
        }
    }

    private HeaderMap(ReadOnlySpan<byte> image, bool bigEndian, List<int> offsets)
    {
        Image = image;
        _bigEndian = bigEndian;
        _offsets = offsets;
    }

    /// <summary>Looks at places of an image, without a search: <see cref="Offsets"/> is empty.</summary>
    public static HeaderMap At(ReadOnlySpan<byte> image, bool bigEndian) => new(image, bigEndian, []);

    public ReadOnlySpan<byte> Image { get; }

    /// <summary>Offsets of the plausible headers, ascending.</summary>
    public IReadOnlyList<int> Offsets => _offsets;

    /// <summary>
    /// Whether the signature of all zones but ftrace is at an offset, perhaps with some bits lost in a plausible
    /// header.
    /// </summary>
    public bool IsPlain(long at) =>
        Has(at) && (Header(at).Signature == ZoneHeader.Dbgc || (IsRotten(Header(at).Signature) && IsRottenHeader(at)));

    /// <summary>Version of the kernel whose ftrace zone begins at an offset; null where none begins.</summary>
    public Version? Ftrace(long at) =>
        Has(at) && IsPlausible(at) && !BeginsADump(at) && !IsText(at)
            ? ZoneHeader.FtraceKernel(Header(at).Signature)
            : null;

    /// <summary>Offset of the next plausible header with a signature; -1 where there is none.</summary>
    public int Next(int from, uint signature)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (_bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, signature);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, signature);
        while (from < Image.Length && Image[from..].IndexOf(bytes) is var next and >= 0)
        {
            int at = from + next;
            if (at % 2 == 0 && Has(at) && IsPlausible(at))
                return at;
            from = at + 4;
        }
        return -1;
    }

    public ZoneHeader Header(long at) => ZoneHeader.Read(Image[(int)at..], _bigEndian);

    /// <summary>
    /// Whether the data of the zone at an offset begins with the prefix of a dump, perhaps with some wrong bits.
    /// </summary>
    public bool BeginsADump(long at) =>
        at + ZoneHeader.Size < Image.Length
        && Image[(int)(at + ZoneHeader.Size)..] is var data
        && (DumpPrefix.Read(data) is not null || DamagedPrefix.Read(data) is not null);

    /// <summary>Whether the zone at an offset holds what only a ring holds: a log, or data that came round.</summary>
    public bool HoldsARing(long at)
    {
        var header = Header(at);
        return !header.IsEmpty && (header.Start != header.Length || IsText(at)) && !BeginsADump(at);
    }

    /// <summary>Whether the data of the zone at an offset begins with text.</summary>
    public bool IsText(long at)
    {
        long from = at + ZoneHeader.Size;
        int length = (int)Math.Min(Math.Min(Header(at).Length, 2 * MinText), Math.Max(0, Image.Length - from));
        return length >= MinText && IsText(Image.Slice((int)from, length));
    }

    /// <summary>Whether nothing was ever written at the beginning of a zone.</summary>
    public bool IsUnwritten(long at) =>
        Has(at)
        && Image.Slice((int)at, (int)Math.Min(UnwrittenSample, Image.Length - at)).IndexOfAnyExcept((byte)0) < 0;

    private bool Has(long at) => at >= 0 && at + ZoneHeader.Size <= Image.Length;

    /// <summary>
    /// Whether the header at an offset fits a zone of any size; a damaged one does not. The zone may be cut off by the
    /// end of the image.
    /// </summary>
    public bool IsPlausible(long at)
    {
        var header = Header(at);
        if (header.Start > header.Length || IsPstoreBlk(Image[(int)at..]))
            return false;
        return header.Length <= Image.Length - at - ZoneHeader.Size || IsCutOff(at, header);
    }

    /// <summary>Size of the zone that a ring fills, as its header has it; 0 for any other header.</summary>
    /// <param name="header">The header.</param>
    /// <param name="parity">Bytes of parity; 0 without error correction.</param>
    public static int SizeOfFullRing(ZoneHeader header, int parity)
    {
        if (header.Start >= header.Length || header.Length > RamoopsScan.MaxAreaLength)
            return 0;
        int size = (int)BitOperations.RoundUpToPowerOf2(header.Length + ZoneHeader.Size);
        // Parity takes up to half of a zone.
        for (int tries = 0; tries < 2; tries++, size *= 2)
        {
            if (ZoneGeometry.Of(size, parity) is { } geometry && geometry.DataSize == header.Length)
                return size;
        }
        return 0;
    }

    /// <summary>
    /// Whether one bit of a start or a size is wrong: they are equal until a ring is full, and its size is then that of
    /// the zone's data.
    /// </summary>
    public static bool HasAWrongBit(ZoneHeader header, int dataSize) =>
        header.Start != header.Length
        && (BitOperations.IsPow2(header.Start ^ header.Length) || BitOperations.IsPow2(header.Length ^ (uint)dataSize));

    /// <summary>
    /// Whether the bytes are a dump of pstore_blk: it has the same signature, and a sub-header behind it (<c>struct
    /// psz_kmsg_header</c> in fs/pstore/zone.c, 5.8 to 7.2).
    /// </summary>
    public static bool IsPstoreBlk(ReadOnlySpan<byte> zone) =>
        zone.Length >= ZoneHeader.Size + 4
        && BinaryPrimitives.ReadUInt32LittleEndian(zone[ZoneHeader.Size..]) == 0x4dfc3ae5;

    /// <summary>Whether bytes are characters of a log.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value is not ((>= 32 and < 127) or (byte)'\n' or (byte)'\t' or (byte)'\r' or 27 or >= 0xc2))
                return false;
        }
        return true;
    }

    /// <summary>Whether a signature is that of a zone with some wrong bits, and no other zone's.</summary>
    public static bool IsRotten(uint signature) =>
        signature != ZoneHeader.Dbgc && BitOperations.PopCount(signature ^ ZoneHeader.Dbgc) <= MaxRottenBits;

    // The signature of an ftrace zone differs from the others in as few bits, and so does a part of an intact one of
    // the other byte order, one or two bytes further on.
    private bool IsRottenHeader(long at) =>
        !IsShifted(Image.Slice((int)at, 4))
        && IsPlausible(at)
        && (BeginsADump(at) || IsText(at) || ZoneHeader.FtraceKernel(Header(at).Signature) is null);

    private static bool IsShifted(ReadOnlySpan<byte> signature) =>
        signature.StartsWith("BGC"u8)
        || signature.StartsWith("GBD"u8)
        || signature.EndsWith("DBG"u8)
        || signature.EndsWith("CGB"u8)
        || signature is [_, _, 0, 0] or [0, 0, _, _];

    // What is there of the zone must bear witness of it: a wrong size alone is damage.
    private bool IsCutOff(long at, ZoneHeader header)
    {
        if (header.Length > RamoopsScan.MaxAreaLength)
            return false;
        return header.Start == header.Length
            ? BeginsADump(at) || IsText(at)
            : SizeOfFullRing(header, 0) > 0 || SizeOfFullRing(header, RamoopsLayout.DefaultParity) > 0;
    }
}
