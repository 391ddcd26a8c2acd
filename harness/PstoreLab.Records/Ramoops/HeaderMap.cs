using System.Buffers.Binary;

namespace PstoreLab.Records.Ramoops;

/// <summary>Places of zone headers in an image, and of bytes that look like one.</summary>
internal readonly ref struct HeaderMap
{
    // Zones begin at even offsets. A text with "DBGC" in it has no plausible size behind it.
    private readonly List<int> _offsets = [];

    // More than any area has; an image made to waste time may have them.
    private const int MaxHeaders = 4096;

    public HeaderMap(ReadOnlySpan<byte> image)
    {
        Image = image;
        int from = 0;
        while (_offsets.Count < MaxHeaders && image[from..].IndexOf("DBGC"u8) is var next and >= 0)
        {
            int at = from + next;
            if (at % 2 == 0 && IsPlain(at) && IsPlausible(at))
                _offsets.Add(at);
            from = at + 4;
        }
    }

    public ReadOnlySpan<byte> Image { get; }

    /// <summary>Offsets of the plausible headers, ascending.</summary>
    public IReadOnlyList<int> Offsets => _offsets;

    /// <summary>Whether the signature of all zones but ftrace is at an offset.</summary>
    public bool IsPlain(long at) => Has(at) && ZoneHeader.Read(Image[(int)at..]).Signature == ZoneHeader.Dbgc;

    /// <summary>Version of the kernel whose ftrace zone begins at an offset; null where none begins.</summary>
    public Version? Ftrace(long at) =>
        Has(at) && IsPlausible(at) ? ZoneHeader.FtraceKernel(ZoneHeader.Read(Image[(int)at..]).Signature) : null;

    /// <summary>Offset of the next plausible header with a signature; -1 where there is none.</summary>
    public int Next(int from, uint signature)
    {
        Span<byte> bytes = stackalloc byte[4];
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

    public ZoneHeader Header(long at) => ZoneHeader.Read(Image[(int)at..]);

    /// <summary>Whether the data of the zone at an offset begins with the prefix of a dump.</summary>
    public bool BeginsADump(long at) =>
        at + ZoneHeader.Size < Image.Length && DumpPrefix.Read(Image[(int)(at + ZoneHeader.Size)..]) is not null;

    private bool Has(long at) => at >= 0 && at + ZoneHeader.Size <= Image.Length;

    /// <summary>Whether the header at an offset fits a zone of any size; a damaged one does not.</summary>
    public bool IsPlausible(long at)
    {
        var header = Header(at);
        return header.Length <= Image.Length - at - ZoneHeader.Size
            && header.Start <= header.Length
            && !IsPstoreBlk(Image[(int)at..]);
    }

    /// <summary>
    /// Whether the bytes are a dump of pstore_blk: it has the same signature, and a sub-header behind it (<c>struct
    /// psz_kmsg_header</c> in fs/pstore/zone.c, 5.8 to 7.2).
    /// </summary>
    public static bool IsPstoreBlk(ReadOnlySpan<byte> zone) =>
        zone.Length >= ZoneHeader.Size + 4
        && BinaryPrimitives.ReadUInt32LittleEndian(zone[ZoneHeader.Size..]) == 0x4dfc3ae5;
}
