using System.Buffers.Binary;

namespace PstoreLab.Records.Ramoops;

/// <summary>Where the zone headers of an image are, or what looks like one.</summary>
internal readonly ref struct HeaderMap
{
    // Zones begin at even offsets; what a text says behind "DBGC" is no sensible size.
    private readonly List<int> _offsets = [];

    // No area has so many zones; an image made to keep somebody busy may have.
    private const int MostHeaders = 4096;

    public HeaderMap(ReadOnlySpan<byte> image)
    {
        Image = image;
        int from = 0;
        while (_offsets.Count < MostHeaders && image[from..].IndexOf("DBGC"u8) is var next and >= 0)
        {
            int at = from + next;
            if (at % 2 == 0 && IsPlain(at) && IsSensible(at))
                _offsets.Add(at);
            from = at + 4;
        }
    }

    public ReadOnlySpan<byte> Image { get; }

    /// <summary>Of the headers that make sense, ascending.</summary>
    public IReadOnlyList<int> Offsets => _offsets;

    /// <summary>Whether the signature of a zone that is not an ftrace one is here.</summary>
    public bool IsPlain(long at) => Has(at) && ZoneHeader.Read(Image[(int)at..]).Signature == ZoneHeader.Dbgc;

    /// <summary>The kernel of the ftrace zone that begins here; null when none does.</summary>
    public Version? Ftrace(long at) =>
        Has(at) && IsSensible(at) ? ZoneHeader.FtraceKernel(ZoneHeader.Read(Image[(int)at..]).Signature) : null;

    /// <summary>The next header with exactly this signature; -1 when there is none.</summary>
    public int Next(int from, uint signature)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, signature);
        while (from < Image.Length && Image[from..].IndexOf(bytes) is var next and >= 0)
        {
            int at = from + next;
            if (at % 2 == 0 && Has(at) && IsSensible(at))
                return at;
            from = at + 4;
        }
        return -1;
    }

    public ZoneHeader Header(long at) => ZoneHeader.Read(Image[(int)at..]);

    /// <summary>Whether the zone's data begins with the prefix of a dump.</summary>
    public bool BeginsADump(long at) =>
        at + ZoneHeader.Size < Image.Length && DumpPrefix.Read(Image[(int)(at + ZoneHeader.Size)..]) is not null;

    private bool Has(long at) => at >= 0 && at + ZoneHeader.Size <= Image.Length;

    /// <summary>Whether a zone of some size can have the header that is here; not one that is damaged.</summary>
    public bool IsSensible(long at)
    {
        var header = Header(at);
        return header.Length <= Image.Length - at - ZoneHeader.Size
            && header.Start <= header.Length
            && !IsPstoreBlk(Image[(int)at..]);
    }

    /// <summary>
    /// A dump of pstore_blk has the same signature, and a header of its own behind it (<c>struct psz_kmsg_header</c> in
    /// fs/pstore/zone.c, 5.8 to 7.2).
    /// </summary>
    public static bool IsPstoreBlk(ReadOnlySpan<byte> zone) =>
        zone.Length >= ZoneHeader.Size + 4
        && BinaryPrimitives.ReadUInt32LittleEndian(zone[ZoneHeader.Size..]) == 0x4dfc3ae5;
}
