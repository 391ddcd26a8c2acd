using System.Numerics;

namespace PstoreLab.Records.Ramoops;

/// <summary>Holds a division of an area against the headers in it: which of them it explains, and how well.</summary>
internal readonly ref struct HeaderEvidence
{
    // Weights of the evidence. Parity does not occur by chance, and a missing header counts against a candidate.
    private const int ParityFound = 400;
    private const int ParityMissing = -200;
    private const int HeaderFound = 20;
    private const int HeaderMissing = -60;
    private const int HeaderLeftOver = -60;
    private const int MaxLeftOver = 64;
    private const int SizeTooLarge = -300;
    private const int ContentOfAnotherType = -50;
    private const int FillsImage = 150;
    private const int DefaultSized = 5;

    // A log or a full ring where only dumps are, a dump in a ring, a record in no zone: no kernel leaves these.
    private const int WrongContent = -200;
    private const int RecordLeftOver = -200;

    // A full ring has the size of its zone in its header.
    private const int FullRing = 100;
    private const int RingOfAnotherSize = -100;

    // Memory that was never written is no evidence against a zone, but each zone is an assumption.
    private const int Unwritten = -1;
    private const int MinUnwritten = -40;
    private const int UnwrittenRing = -20;
    private const int CutOff = -100;

    private readonly HeaderMap _map;
    private readonly bool _whole;

    // Number of headers with a record before each header, and in total.
    private readonly int[] _records;

    /// <param name="map">Headers of the area.</param>
    /// <param name="whole">Whether the image is probably as long as the area.</param>
    public HeaderEvidence(HeaderMap map, bool whole)
    {
        _map = map;
        _whole = whole;
        _records = new int[map.Offsets.Count + 1];
        for (int index = 0; index < map.Offsets.Count; index++)
        {
            int at = map.Offsets[index];
            bool record = !map.Header(at).IsEmpty && (map.BeginsADump(at) || map.HoldsARing(at));
            _records[index + 1] = _records[index] + (record ? 1 : 0);
        }
    }

    /// <summary>
    /// How well a division explains the headers; <see cref="long.MinValue"/> where it does not.
    /// </summary>
    /// <param name="layout">The division.</param>
    /// <param name="memory">Size of its area, in bytes.</param>
    public long Score(RamoopsLayout layout, long memory)
    {
        long score = Math.Min(BitOperations.TrailingZeroCount(memory), 24);
        if (_whole && memory == _map.Image.Length)
            score += FillsImage;
        int there = 0,
            valid = 0,
            explained = 0,
            records = 0,
            unwritten = 0;
        foreach (var zone in layout.Zones)
        {
            bool ftrace = zone.Type == RecordType.Ftrace;
            if (zone.End > _map.Image.Length)
                score += CutOff;
            if (ftrace ? _map.Ftrace(zone.Offset) is null : !_map.IsPlain(zone.Offset))
            {
                // A dump behind the place shows that there was a header.
                if (_map.IsUnwritten(zone.Offset))
                {
                    unwritten++;
                    score += zone.Type == RecordType.Dmesg ? 0 : UnwrittenRing;
                }
                else if (zone.Type != RecordType.Dmesg || !_map.BeginsADump(zone.Offset))
                    score += HeaderMissing;
                continue;
            }
            there++;
            score += HeaderFound;
            var header = _map.Header(zone.Offset);
            var geometry = ZoneGeometry.Of(zone.Size, layout.ParitySize);
            bool fits = geometry is { } room && header.Fits(room.DataSize);
            bool dump = _map.BeginsADump(zone.Offset);
            // A header that fits no zone at all is damaged, and no evidence against this one.
            bool damaged = geometry is { } of && HeaderMap.HasAWrongBit(header, of.DataSize);
            if (!fits && _map.IsPlausible(zone.Offset) && !damaged)
                score += SizeTooLarge;
            if (fits || dump)
                valid++;
            if (layout.ParitySize > 0)
                score += ParityOfHeader(zone, layout.ParitySize);
            score += Content(zone.Type, header, zone.Offset);
            if (zone.Type != RecordType.Dmesg && header.Start < header.Length && !damaged)
                score += fits && header.Length == geometry?.DataSize ? FullRing : RingOfAnotherSize;
            if (zone.Type != RecordType.Dmesg && zone.Size == RamoopsLayout.DefaultSize)
                score += DefaultSized;
            var (first, end) = Range(zone, fits ? header.Length : 0);
            explained += end - first;
            records += _records[end] - _records[first];
        }
        if (valid == 0 || 2 * (there + unwritten) < layout.Zones.Count)
            return long.MinValue;

        score += Math.Max(unwritten * Unwritten, MinUnwritten);
        int inArea = Search(memory);
        // Behind the area another one may begin, and in a file that is one area nothing does.
        int recordsLeft = (_whole ? _records[^1] : _records[inArea]) - records;
        score += Math.Min(inArea - explained, MaxLeftOver) * HeaderLeftOver;
        return score + Math.Min(recordsLeft, MaxLeftOver) * RecordLeftOver;
    }

    private int ParityOfHeader(RamoopsZone zone, int parity) =>
        zone.End > _map.Image.Length ? 0
        : ParityInference.Fits(_map, zone.Offset, zone.Size, parity, correct: false) ? ParityFound
        : ParityInference.Fits(_map, zone.Offset, zone.Size, parity, correct: true) ? 0
        : ParityMissing;

    // Evidence of the content for the type of its zone.
    private int Content(string type, ZoneHeader header, long at)
    {
        if (header.IsEmpty || type == RecordType.Ftrace)
            return 0;
        bool dump = _map.BeginsADump(at);
        if (type != RecordType.Dmesg)
            return dump ? WrongContent : 0;
        return dump ? 0
            : _map.IsPlausible(at) && _map.HoldsARing(at) ? WrongContent
            : ContentOfAnotherType;
    }

    // The headers that are this zone's own, or part of its content.
    private (int First, int End) Range(RamoopsZone zone, long length) =>
        (Search(zone.Offset), Search(zone.Offset + Math.Max(1, length + ZoneHeader.Size)));

    private int Search(long offset)
    {
        int low = 0,
            high = _map.Offsets.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_map.Offsets[middle] < offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Offsets of the headers that are no zone, and no part of a zone's content.</summary>
    public List<int> LeftOver(RamoopsLayout layout)
    {
        var left = new List<int>(_map.Offsets);
        if (!_whole)
            left.RemoveAll(offset => offset >= layout.MemorySize);
        foreach (var zone in layout.Zones)
        {
            if (zone.Offset + ZoneHeader.Size > _map.Image.Length)
                continue;
            var (first, end) = Range(zone, LengthIn(zone, layout.ParitySize));
            for (int index = first; index < end; index++)
                left.Remove(_map.Offsets[index]);
        }
        return left;
    }

    private long LengthIn(RamoopsZone zone, int parity) =>
        _map.Header(zone.Offset) is var header
        && ZoneGeometry.Of(zone.Size, parity) is { } geometry
        && header.Fits(geometry.DataSize)
            ? header.Length
            : 0;
}
