using System.Globalization;
using System.Numerics;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Infers the division of an area from its zone headers. A kernel with ramoops writes a header to each zone, used or
/// not: the spacing of the first ones is the size of the dump zones, and breaks of the spacing show the others. Each
/// candidate is made again from its parameters, and the one that explains most headers wins.
/// </summary>
internal readonly ref struct LayoutInference
{
    /// <summary>Size of the smallest zone considered, in bytes; a smaller one would be a coincidence.</summary>
    public const int MinZoneSize = 512;

    private const int MaxSpacings = 48;
    private const int ParityVoters = 4;
    private const int MaxDumps = 8192;

    // Console, pmsg, and an ftrace zone between them.
    private const int OtherZones = 3;
    private const int MaxZoneSize = 1 << 26;

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

    // Zone counts at which a ring may follow dump zones without a header, for one spacing.
    private const int MaxSparse = 8;

    private readonly HeaderMap _map;
    private readonly StoreOptions _options;
    private readonly bool _whole;
    private readonly bool _toEnd;
    private readonly Best _best;

    // Number of headers with a record before each header, and in total.
    private readonly int[] _records;

    private LayoutInference(HeaderMap map, StoreOptions options, bool whole, bool toEnd, List<int>? wanted = null)
    {
        _best = new Best { Wanted = wanted ?? [] };
        _map = map;
        _options = options;
        _whole = whole;
        _toEnd = whole || toEnd;
        _records = new int[map.Offsets.Count + 1];
        for (int index = 0; index < map.Offsets.Count; index++)
        {
            int at = map.Offsets[index];
            bool record = !map.Header(at).IsEmpty && (map.BeginsADump(at) || map.HoldsARing(at));
            _records[index + 1] = _records[index] + (record ? 1 : 0);
        }
    }

    /// <summary>The best division so far, or the best of those with most of the wanted headers.</summary>
    private sealed class Best
    {
        public StoreOptions? Options { get; private set; }

        /// <summary>Headers that a division must have for zones; empty for any.</summary>
        public List<int> Wanted { get; init; } = [];

        private (int Wanted, long Score) _score = (0, long.MinValue);

        public void Add(StoreOptions options, long score, int wanted)
        {
            if (score == long.MinValue || (Wanted.Count > 0 && wanted == 0))
                return;
            if ((wanted, score).CompareTo(_score) > 0)
                (Options, _score) = (options, (wanted, score));
        }
    }

    /// <summary>Infers the options of an area at the beginning of an image.</summary>
    /// <param name="image">Begins with the area.</param>
    /// <param name="options">Known options.</param>
    /// <param name="whole">Whether the image is probably as long as the area; false for a part of a larger
    /// image.</param>
    /// <param name="toEnd">Whether the image ends where all that is known ends: the area may be cut off there.</param>
    /// <param name="rotten">Whether headers with some wrong bits in the signature count, too.</param>
    /// <returns>The division; null where no division is plausible.</returns>
    public static InferredLayout? Find(
        ReadOnlySpan<byte> image,
        StoreOptions options,
        bool whole = true,
        bool toEnd = false,
        bool rotten = true
    )
    {
        // Intact headers tell the byte order, even where most are rotten.
        bool big = new HeaderMap(image).Offsets.Count < new HeaderMap(image, bigEndian: true).Offsets.Count;
        foreach (bool bigEndian in (ReadOnlySpan<bool>)[big, !big])
        {
            if (options.Endian is { } endian && bigEndian != (endian == Endianness.Big))
                continue;
            var map = new HeaderMap(image, bigEndian, rotten);
            if (map.Offsets.Count == 0 && !map.IsPlain(0))
                continue;
            var known = bigEndian ? options with { Endian = Endianness.Big } : options;
            if (new LayoutInference(map, known, whole, toEnd).Find() is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Offsets of the headers in an area that are no part of its division.</summary>
    public static IReadOnlyList<int> LeftOver(ReadOnlySpan<byte> area, RamoopsLayout layout, StoreOptions options) =>
        new LayoutInference(new HeaderMap(area, layout.BigEndian), options, whole: false, toEnd: true).LeftOver(layout);

    /// <summary>Checks a layout against the zone headers.</summary>
    /// <returns>The layout by the headers where it is another one; null where they agree with the layout, or are too
    /// few.</returns>
    public static RamoopsLayout? Contradiction(ReadOnlySpan<byte> image, RamoopsLayout layout)
    {
        var map = new HeaderMap(image, layout.BigEndian);
        var none = StoreOptions.None with { Endian = layout.BigEndian ? Endianness.Big : Endianness.Little };
        if (Misses(map, layout) * 2 <= layout.Zones.Count || Find(image, none) is not { } found)
            return null;
        var other = RamoopsLayout.From(found.Options, image.Length);
        return Misses(map, other) * 2 <= other.Zones.Count ? other : null;

        static int Misses(HeaderMap map, RamoopsLayout of)
        {
            int missing = 0;
            foreach (var zone in of.Zones)
                missing += map.IsPlain(zone.Offset) || map.Ftrace(zone.Offset) is not null ? 0 : 1;
            return missing;
        }
    }

    private InferredLayout? Find()
    {
        foreach (int spacing in Spacings())
        {
            int run = Run(spacing);
            if (run == 0)
                continue;
            int parity = _options.Number("ramoops.ecc") is { } given ? ParityOf(given) : Parity(spacing, run);
            // Other zones of the same size continue the spacing of the dump zones.
            for (int dumps = run; dumps >= Math.Max(1, run - OtherZones); dumps--)
                Try(new Division(spacing, dumps, parity));
            foreach (int dumps in SparseCounts(spacing, run))
                Try(new Division(spacing, dumps, parity));
        }
        if (_map.IsPlain(0) || _map.Ftrace(0) is not null)
        {
            foreach (int parity in ParitiesOfARing())
                Try(new Division(0, 0, parity));
        }
        if (_best.Options is not { } best)
            return null;
        var left = LeftOver(RamoopsLayout.From(best, _map.Image.Length));
        return new InferredLayout(best, left)
        {
            // The second search is for what the first one lost.
            RunnerUp =
                left.Count == 0 || _best.Wanted.Count > 0
                    ? null
                    : new LayoutInference(_map, _options, _whole, _toEnd, left).Find()?.Options,
        };
    }

    // Numbers of dump zones with room for headers that are not there: some firmware and old memory leaves zeros where
    // no record was written.
    private List<int> SparseCounts(int spacing, int run)
    {
        var counts = new List<int>();
        foreach (int offset in _map.Offsets)
        {
            if (counts.Count >= MaxSparse)
                break;
            // In memory the next header may be that of another area.
            if (
                offset % spacing == 0
                && offset / spacing > run - OtherZones
                && (_whole ? !_map.BeginsADump(offset) : _map.HoldsARing(offset))
            )
                Add(offset / spacing);
        }
        if (_whole)
            Add(_map.Image.Length / spacing);
        return counts;

        void Add(int count)
        {
            if (count > 0 && count <= MaxDumps && !counts.Contains(count))
                counts.Add(count);
        }
    }

    // The first zone is a ring: nothing but its own size shows where its parity is.
    private List<int> ParitiesOfARing()
    {
        if (_options.Number("ramoops.ecc") is { } given)
            return [ParityOf(given)];
        var parities = new List<int> { 0 };
        for (int size = MinZoneSize; size <= MaxZoneSize && size <= _map.Image.Length; size *= 2)
        {
            int parity = Parity(size, 1);
            if (!parities.Contains(parity))
                parities.Add(parity);
        }
        return parities;
    }

    // Headers that are no zone, and no part of a zone's content.
    private List<int> LeftOver(RamoopsLayout layout)
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

    private static int ParityOf(long ecc) =>
        ecc == 1 ? RamoopsLayout.DefaultParity : (int)Math.Min(ecc, ZoneGeometry.MaxParity);

    // The distances from the beginning and between headers; and the whole image, for a single zone.
    private List<int> Spacings()
    {
        var spacings = new SortedSet<int>();
        // No zone is smaller than its content.
        int smallest = _map.Offsets is [0, ..]
            ? Math.Max(MinZoneSize, (int)_map.Header(0).Length + ZoneHeader.Size)
            : MinZoneSize;
        int previous = 0,
            common = 0;
        foreach (int offset in _map.Offsets)
        {
            if (spacings.Count >= MaxSpacings)
                break;
            Add(offset);
            Add(offset - previous);
            previous = offset;
            // Between used zones there may be others without a header.
            common = (int)BigInteger.GreatestCommonDivisor(common, offset);
            Add(common);
        }
        if (_whole)
            Add(_map.Image.Length & ~1);
        return [.. spacings];

        void Add(int spacing)
        {
            if (spacing >= smallest && spacing <= MaxZoneSize)
                spacings.Add(spacing);
        }
    }

    // Number of consecutive zones of a size that begin with a header; up to two damaged headers in a row are allowed.
    private int Run(int spacing)
    {
        int run = 0;
        for (int index = 0; (long)index * spacing + ZoneHeader.Size <= _map.Image.Length && index <= run + 2; index++)
        {
            if (_map.IsPlain((long)index * spacing))
                run = index + 1;
        }
        return run;
    }

    // Number of parity bytes that fits most of the first zones' headers, preferably the default; 0 for no ECC.
    private int Parity(int spacing, int run)
    {
        int looked = 0;
        Span<int> votes = stackalloc int[ZoneGeometry.MaxParity + 1];
        for (int index = 0; index < run && looked < ParityVoters; index++)
        {
            long at = (long)index * spacing;
            // Zeros are their own parity, of any number of bytes.
            if (_map.IsUnwritten(at))
                continue;
            looked++;
            if (at + spacing > _map.Image.Length)
                continue;
            // The parity of the header is the end of the zone. Header and parity together vanish at the roots 1 and 2,
            // for few other numbers by chance.
            var zone = _map.Image.Slice((int)at, spacing);
            byte header1 = 0,
                header2 = 0,
                tail1 = 0,
                tail2 = 0;
            foreach (byte value in zone[..ZoneHeader.Size])
            {
                header1 ^= value;
                header2 = (byte)(GaloisField.Multiply(header2, 2) ^ value);
            }
            for (int parity = 1; parity < votes.Length; parity++)
            {
                tail1 ^= zone[^parity];
                tail2 ^= GaloisField.Multiply(zone[^parity], GaloisField.Power(parity - 1));
                if (
                    tail1 == header1
                    && tail2 == GaloisField.Multiply(header2, GaloisField.Power(parity))
                    && HeaderParityFits(at, spacing, parity, correct: false)
                )
                    votes[parity]++;
            }
        }

        if (IsMajority(votes[RamoopsLayout.DefaultParity]))
            return RamoopsLayout.DefaultParity;
        for (int parity = 2; parity < votes.Length; parity++)
        {
            if (IsMajority(votes[parity]))
                return parity;
        }
        return HeaderParityFits(0, spacing, RamoopsLayout.DefaultParity, correct: true)
            ? RamoopsLayout.DefaultParity
            : 0;

        bool IsMajority(int fits) => fits > 0 && 2 * fits >= looked;
    }

    private bool HeaderParityFits(long at, int size, int parity, bool correct)
    {
        if (at < 0 || at + size > _map.Image.Length || ZoneGeometry.Of(size, parity) is not { } geometry)
            return false;
        Span<byte> header = stackalloc byte[ZoneHeader.Size];
        Span<byte> found = stackalloc byte[parity];
        _map.Image.Slice((int)at, ZoneHeader.Size).CopyTo(header);
        _map.Image.Slice((int)at + geometry.HeaderParity, parity).CopyTo(found);
        if (correct)
            return ReedSolomon.WithParity(parity).Decode(header, found) is not null
                && ZoneHeader.Read(header).Signature == ZoneHeader.Dbgc;
        Span<byte> expected = stackalloc byte[parity];
        ReedSolomon.WithParity(parity).Encode(header, expected);
        return expected.SequenceEqual(found);
    }

    /// <summary>A candidate: the dump zones, and the zones found behind them so far.</summary>
    private readonly record struct Division(int Spacing, int Dumps, int Parity)
    {
        public long Console { get; init; }
        public long Pmsg { get; init; }
        public long Ftrace { get; init; }
        public int Cpus { get; init; } = 1;
        public Version? Kernel { get; init; }
        public bool FtraceFirst { get; init; }

        /// <summary>Offset of the next zone.</summary>
        public long End { get; init; } = (long)Spacing * Dumps;

        public long Others => Console + Pmsg + Ftrace;
    }

    // Follows the zones behind the dump zones. Where nothing shows the size of the last one, every size is tried.
    private void Try(Division division)
    {
        long at = division.End;
        if (_map.IsPlain(at) && division.Pmsg == 0)
        {
            TryRing(division, at);
        }
        else if (division.Ftrace == 0 && _map.Ftrace(at) is { } kernel)
        {
            TryFtrace(division with { Kernel = kernel });
        }
        else
        {
            Judge(division);
            if (_whole && _map.IsUnwritten(at))
                TryUnwritten(division, _map.Image.Length - at);
        }
    }

    private void TryRing(Division division, long at)
    {
        var header = _map.Header(at);
        long size = HeaderMap.SizeOfFullRing(header, division.Parity);
        // The end of the image cuts off what does not fit.
        if (size == 0 && _map.IsPlausible(at) && at + ZoneHeader.Size + header.Length > _map.Image.Length)
            size = (long)BitOperations.RoundUpToPowerOf2(header.Length + ZoneHeader.Size);
        if (size > 0 && (at + size <= _map.Image.Length || _toEnd))
        {
            Try(Next(size));
            return;
        }
        bool followed = false;
        for (int pass = 0; pass < 2 && !followed; pass++)
        {
            for (size = MinZoneSize; size <= MaxZoneSize && at + size <= _map.Image.Length; size *= 2)
            {
                if (pass == 1)
                {
                    Judge(Next(size));
                    if (_whole && at + size < _map.Image.Length && _map.IsUnwritten(at + size))
                        TryUnwritten(Next(size), _map.Image.Length - at - size);
                }
                else if (_map.IsPlain(at + size) || _map.Ftrace(at + size) is not null)
                {
                    followed = true;
                    Try(Next(size));
                }
            }
        }

        Division Next(long size) =>
            division.Console == 0 && division.Ftrace == 0
                ? division with
                {
                    Console = size,
                    End = at + size,
                }
                : division with
                {
                    Pmsg = size,
                    End = at + size,
                    FtraceFirst = division.Ftrace > 0,
                };
    }

    // Rings without a header that fill the rest of the image: one, or two.
    private void TryUnwritten(Division division, long rest)
    {
        for (long size = MinZoneSize; size <= rest; size *= 2)
        {
            long other = rest - size;
            if (other != 0 && (!BitOperations.IsPow2(other) || other < MinZoneSize))
                continue;
            foreach (var next in Filled(division, size))
            {
                if (other == 0)
                    Judge(next);
                else
                {
                    foreach (var last in Filled(next, other))
                        Judge(last);
                }
            }
        }
    }

    private static IEnumerable<Division> Filled(Division division, long size)
    {
        long end = division.End + size;
        if (division is { Console: 0, Pmsg: 0, Ftrace: 0 })
            yield return division with
            {
                Console = size,
                End = end,
            };
        if (division.Pmsg == 0)
            yield return division with
            {
                Pmsg = size,
                End = end,
                FtraceFirst = division.Ftrace > 0,
            };
        if (division.Ftrace == 0)
            yield return division with
            {
                Ftrace = size,
                End = end,
            };
    }

    private void TryFtrace(Division division)
    {
        int at = (int)division.End;
        uint signature = _map.Header(at).Signature;
        int next = _map.Next(at + ZoneHeader.Size, signature);
        if (next < 0)
        {
            for (long size = MinZoneSize; size <= MaxZoneSize && at + size <= _map.Image.Length; size *= 2)
                Try(division with { Ftrace = size, End = at + size });
            return;
        }

        int zone = next - at,
            cpus = 2;
        while (_map.Next(at + cpus * zone, signature) == (long)at + (long)cpus * zone)
            cpus++;
        // The power of two that gives zones of this size.
        long whole = (long)BitOperations.RoundUpToPowerOf2((ulong)zone * (ulong)cpus);
        if ((whole / cpus & ~1L) == zone)
            Try(division with { Ftrace = whole, Cpus = cpus, End = at + (long)zone * cpus });
    }

    private void Judge(Division division)
    {
        if ((division.Dumps == 0 && division.Others == 0) || division.Dumps > MaxDumps)
            return;
        foreach (long memory in Memories(division))
        {
            var options = Options(division, memory);
            RamoopsLayout layout;
            try
            {
                layout = RamoopsLayout.From(options, _map.Image.Length);
            }
            catch (RecordFormatException)
            {
                continue;
            }
            if (
                layout.Zones.Count(zone => zone.Type == RecordType.Dmesg) != division.Dumps
                || (division.Dumps > 0 && layout.Zones[0].Size != division.Spacing)
            )
                continue;
            int wanted = 0;
            foreach (var zone in layout.Zones)
                wanted += _best.Wanted.BinarySearch((int)zone.Offset) >= 0 ? 1 : 0;
            _best.Add(options, Score(layout, memory), wanted);
        }
    }

    // Rounding hides a few bytes of the area's size. Candidates are the image's size, where it fits, and the roundest.
    private List<long> Memories(Division division)
    {
        long smallest = division.Others + (long)division.Spacing * division.Dumps;
        long largest = smallest + Math.Max(0, 2L * division.Dumps - 1);
        long length = _map.Image.Length;
        var memories = new List<long>();
        if (_whole && smallest <= length && length <= largest)
            memories.Add(length);
        long roundest = largest;
        while ((roundest & (roundest - 1)) >= smallest)
            roundest &= roundest - 1;
        if ((roundest <= length || _toEnd) && !memories.Contains(roundest))
            memories.Add(roundest);
        return memories;
    }

    private StoreOptions Options(Division division, long memory)
    {
        long record = 0;
        if (division.Dumps > 0)
            record = 1L << BitOperations.Log2((ulong)((memory - division.Others) / division.Dumps));
        var parameters = new Dictionary<string, string>(_options.Parameters)
        {
            ["ramoops.mem_size"] = Text(memory),
            ["ramoops.record_size"] = Text(record),
            ["ramoops.console_size"] = Text(division.Console),
            ["ramoops.ftrace_size"] = Text(division.Ftrace),
            ["ramoops.pmsg_size"] = Text(division.Pmsg),
            ["ramoops.ecc"] = Text(division.Parity),
        };
        // The kernel determines the order of the zones. The kernel of an ftrace zone counts where it fits that order.
        var kernel = _options.Kernel ?? division.Kernel;
        if (
            division.Ftrace > 0
            && division.Pmsg > 0
            && (kernel ?? RamoopsLayout.AssumedKernel) < RamoopsLayout.PmsgBeforeFtrace != division.FtraceFirst
        )
            kernel = division.Kernel < RamoopsLayout.PmsgBeforeFtrace == division.FtraceFirst ? division.Kernel : null;
        return _options with { Parameters = parameters, Cpus = division.Cpus, Kernel = kernel };

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private long Score(RamoopsLayout layout, long memory)
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
        : HeaderParityFits(zone.Offset, zone.Size, parity, correct: false) ? ParityFound
        : HeaderParityFits(zone.Offset, zone.Size, parity, correct: true) ? 0
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
}
