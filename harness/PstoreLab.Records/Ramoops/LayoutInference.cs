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
    private const int HeaderFound = 20;
    private const int HeaderMissing = -60;
    private const int HeaderLeftOver = -30;
    private const int MaxLeftOver = 64;
    private const int SizeTooLarge = -300;
    private const int ContentOfAnotherType = -50;
    private const int FillsImage = 150;
    private const int DefaultSized = 5;

    private readonly HeaderMap _map;
    private readonly StoreOptions _options;
    private readonly bool _whole;

    private LayoutInference(HeaderMap map, StoreOptions options, bool whole)
    {
        _map = map;
        _options = options;
        _whole = whole;
    }

    /// <summary>Infers the options of an area at the beginning of an image.</summary>
    /// <param name="image">Begins with the area.</param>
    /// <param name="options">Known options.</param>
    /// <param name="whole">Whether the image is probably as long as the area; false for a part of a larger
    /// image.</param>
    /// <returns>Options that divide the image, with the kernel where an ftrace zone shows it; null where no division is
    /// plausible.</returns>
    public static StoreOptions? Find(ReadOnlySpan<byte> image, StoreOptions options, bool whole = true) =>
        new LayoutInference(new HeaderMap(image), options, whole).Find();

    /// <summary>Checks a layout against the zone headers.</summary>
    /// <returns>The layout by the headers where it is another one; null where they agree with the layout, or are too
    /// few.</returns>
    public static RamoopsLayout? Contradiction(ReadOnlySpan<byte> image, RamoopsLayout layout)
    {
        var map = new HeaderMap(image);
        if (Misses(map, layout) * 2 <= layout.Zones.Count || Find(image, StoreOptions.None) is not { } options)
            return null;
        var other = RamoopsLayout.From(options, image.Length);
        return Misses(map, other) * 2 <= other.Zones.Count ? other : null;

        static int Misses(HeaderMap map, RamoopsLayout of)
        {
            int missing = 0;
            foreach (var zone in of.Zones)
                missing += map.IsPlain(zone.Offset) || map.Ftrace(zone.Offset) is not null ? 0 : 1;
            return missing;
        }
    }

    private StoreOptions? Find()
    {
        StoreOptions? best = null;
        long bestScore = long.MinValue;
        foreach (int spacing in Spacings())
        {
            int run = Run(spacing);
            if (run == 0)
                continue;
            int parity = _options.Number("ramoops.ecc") is { } given ? ParityOf(given) : Parity(spacing, run);
            // Other zones of the same size continue the spacing of the dump zones.
            for (int dumps = run; dumps >= Math.Max(1, run - OtherZones); dumps--)
                Try(new Division(spacing, dumps, parity), ref best, ref bestScore);
        }
        if (best is null && (_map.IsPlain(0) || _map.Ftrace(0) is not null))
            Try(
                new Division(0, 0, _options.Number("ramoops.ecc") is { } given ? ParityOf(given) : 0),
                ref best,
                ref bestScore
            );
        return best;
    }

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
        int previous = 0;
        foreach (int offset in _map.Offsets)
        {
            if (spacings.Count >= MaxSpacings)
                break;
            Add(offset);
            Add(offset - previous);
            previous = offset;
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
        int looked = Math.Min(run, ParityVoters);
        Span<int> votes = stackalloc int[ZoneGeometry.MaxParity + 1];
        for (int index = 0; index < looked; index++)
        {
            long at = (long)index * spacing;
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

    // Follows the zones behind the dump zones. Nothing shows the size of the last one: every size is tried.
    private void Try(Division division, ref StoreOptions? best, ref long bestScore)
    {
        long at = division.End;
        if (_map.IsPlain(at) && division.Pmsg == 0)
        {
            bool followed = false;
            for (int pass = 0; pass < 2 && !followed; pass++)
            {
                for (long size = MinZoneSize; size <= MaxZoneSize && at + size <= _map.Image.Length; size *= 2)
                {
                    var next =
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
                    if (pass == 1)
                        Judge(next, ref best, ref bestScore);
                    else if (_map.IsPlain(at + size) || _map.Ftrace(at + size) is not null)
                    {
                        followed = true;
                        Try(next, ref best, ref bestScore);
                    }
                }
            }
        }
        else if (division.Ftrace == 0 && _map.Ftrace(at) is { } kernel)
        {
            TryFtrace(division with { Kernel = kernel }, ref best, ref bestScore);
        }
        else
        {
            Judge(division, ref best, ref bestScore);
        }
    }

    private void TryFtrace(Division division, ref StoreOptions? best, ref long bestScore)
    {
        int at = (int)division.End;
        uint signature = _map.Header(at).Signature;
        int next = _map.Next(at + ZoneHeader.Size, signature);
        if (next < 0)
        {
            for (long size = MinZoneSize; size <= MaxZoneSize && at + size <= _map.Image.Length; size *= 2)
                Try(division with { Ftrace = size, End = at + size }, ref best, ref bestScore);
            return;
        }

        int zone = next - at,
            cpus = 2;
        while (_map.Next(at + cpus * zone, signature) == (long)at + (long)cpus * zone)
            cpus++;
        // The power of two that gives zones of this size.
        long whole = (long)BitOperations.RoundUpToPowerOf2((ulong)zone * (ulong)cpus);
        if ((whole / cpus & ~1L) == zone)
            Try(division with { Ftrace = whole, Cpus = cpus, End = at + (long)zone * cpus }, ref best, ref bestScore);
    }

    private void Judge(Division division, ref StoreOptions? best, ref long bestScore)
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
            long score = Score(layout, memory);
            if (score > bestScore)
                (best, bestScore) = (options, score);
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
        if (roundest <= length && !memories.Contains(roundest))
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
            explained = 0;
        foreach (var zone in layout.Zones)
        {
            bool ftrace = zone.Type == RecordType.Ftrace;
            if (ftrace ? _map.Ftrace(zone.Offset) is null : !_map.IsPlain(zone.Offset))
            {
                // A dump behind the place shows that there was a header.
                if (zone.Type != RecordType.Dmesg || !_map.BeginsADump(zone.Offset))
                    score += HeaderMissing;
                continue;
            }
            there++;
            score += HeaderFound;
            var header = _map.Header(zone.Offset);
            bool fits = ZoneGeometry.Of(zone.Size, layout.ParitySize) is { } geometry && header.Fits(geometry.DataSize);
            bool dump = _map.BeginsADump(zone.Offset);
            // A header that fits no zone at all is damaged, and no evidence against this one.
            if (!fits && _map.IsPlausible(zone.Offset))
                score += SizeTooLarge;
            if (fits || dump)
                valid++;
            if (layout.ParitySize > 0 && HeaderParityFits(zone.Offset, zone.Size, layout.ParitySize, correct: false))
                score += ParityFound;
            if (!header.IsEmpty && dump != (zone.Type == RecordType.Dmesg))
                score += ContentOfAnotherType;
            if (zone.Type != RecordType.Dmesg && zone.Size == RamoopsLayout.DefaultSize)
                score += DefaultSized;
            explained += Covered(zone, fits ? header.Length : 0);
        }
        if (valid == 0 || 2 * there < layout.Zones.Count)
            return long.MinValue;

        int inArea = 0;
        while (inArea < _map.Offsets.Count && _map.Offsets[inArea] < memory)
            inArea++;
        return score + Math.Min(inArea - explained, MaxLeftOver) * HeaderLeftOver;
    }

    // Number of headers that are this zone's own, or part of its content.
    private int Covered(RamoopsZone zone, uint length)
    {
        int first = Search(zone.Offset),
            end = Search(zone.Offset + Math.Max(1, length + ZoneHeader.Size));
        return end - first;
    }

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
