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
    private const int MaxDumps = 8192;

    // Console, pmsg, and an ftrace zone between them.
    private const int OtherZones = 3;
    private const int MaxZoneSize = 1 << 26;

    // Zone counts at which a ring may follow dump zones without a header, for one spacing.
    private const int MaxSparse = 8;

    private readonly HeaderMap _map;
    private readonly StoreOptions _options;
    private readonly bool _whole;
    private readonly bool _toEnd;
    private readonly HeaderEvidence _evidence;
    private readonly Best _best;

    private LayoutInference(HeaderMap map, StoreOptions options, bool whole, bool toEnd, List<int>? wanted = null)
    {
        _best = new Best { Wanted = wanted ?? [] };
        _map = map;
        _options = options;
        _whole = whole;
        _toEnd = whole || toEnd;
        _evidence = new HeaderEvidence(map, whole);
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
    public static IReadOnlyList<int> LeftOver(ReadOnlySpan<byte> area, RamoopsLayout layout) =>
        new HeaderEvidence(new HeaderMap(area, layout.BigEndian), whole: false).LeftOver(layout);

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
            int parity = _options.Number("ramoops.ecc") is { } given
                ? ParityInference.ParityOf(given)
                : ParityInference.Find(_map, spacing, run);
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
        var left = _evidence.LeftOver(RamoopsLayout.From(best, _map.Image.Length));
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
            return [ParityInference.ParityOf(given)];
        var parities = new List<int> { 0 };
        for (int size = MinZoneSize; size <= MaxZoneSize && size <= _map.Image.Length; size *= 2)
        {
            int parity = ParityInference.Find(_map, size, 1);
            if (!parities.Contains(parity))
                parities.Add(parity);
        }
        return parities;
    }

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
            _best.Add(options, _evidence.Score(layout, memory), wanted);
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
}
