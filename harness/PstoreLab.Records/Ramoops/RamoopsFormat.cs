using PstoreLab.Records.Blk;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// A ramoops area: a range of RAM that survives a reset, divided into zones (fs/pstore/ram.c and ram_core.c, 5.10 to
/// 7.2). The area begins at the first byte of the image, or at <c>ramoops.mem_address</c> in it
/// (<see cref="StoreOptions.Address"/>). The image may continue behind the area.
/// </summary>
internal sealed class RamoopsFormat : IStoreFormat
{
    private static readonly string[] LayoutParameters =
    [
        "ramoops.mem_size",
        "ramoops.record_size",
        "ramoops.console_size",
        "ramoops.ftrace_size",
        "ramoops.pmsg_size",
    ];

    private const int MaxRottenTold = 8;

    internal const string Inferred = "inferred from the zone headers";

    public StoreKind Kind => StoreKind.Ramoops;

    public string Name => "ramoops";

    public IReadOnlyList<string> Types => RamoopsListing.Order;

    public StoreListing Listing { get; } = new RamoopsListing();

    public bool Recognises(ReadOnlySpan<byte> head, long length)
    {
        if (head.Length < ZoneHeader.Size || HeaderMap.IsPstoreBlk(head))
            return false;
        foreach (bool bigEndian in (ReadOnlySpan<bool>)[false, true])
        {
            if (
                Recognises(head, length, new HeaderMap(head, bigEndian))
                || IsRotten(new HeaderMap(head, bigEndian, rotten: true))
            )
                return true;
        }
        return false;
    }

    // Signatures with some wrong bits: a dump is behind the first one, or several are in a row. One alone may be that
    // of pstore_blk, which has other signatures for other zones.
    private static bool IsRotten(HeaderMap map)
    {
        if (!map.IsPlain(0))
            return false;
        if (map.BeginsADump(0))
            return true;
        if (
            map.Offsets is not [0, var second, var third, ..]
            || second < LayoutInference.MinZoneSize
            || third != 2 * second
        )
            return false;
        foreach (int at in map.Offsets)
        {
            if (BlkInference.TypeAt(map.Image, at) is null)
                return true;
        }
        return false;
    }

    private static bool Recognises(ReadOnlySpan<byte> head, long length, HeaderMap map)
    {
        var header = map.Header(0);
        if (header.Signature == ZoneHeader.Dbgc)
        {
            // Behind a damaged header there must be a dump, or another zone. A cut-off zone has its text.
            return (header.Start <= header.Length && header.Length <= length - ZoneHeader.Size)
                || map.BeginsADump(0)
                || map.IsPlausible(0) && HeaderMap.IsText(head[ZoneHeader.Size..Math.Min(head.Length, 64)])
                || map.Offsets.Count > 0;
        }

        // The first header is lost, and the next two have the same spacing.
        return map.Offsets is [var second, var third, ..]
            && second >= LayoutInference.MinZoneSize
            && third == 2 * second;
    }

    /// <summary>
    /// Reads every zone. Given parameters <c>ramoops.*</c> divide the area as in a kernel with these parameters.
    /// Without any the division is inferred from the zone headers.
    /// </summary>
    /// <inheritdoc/>
    public DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options)
    {
        int start = Start(image.Length, options);
        var store = DecodeArea(image[start..], options);
        return start == 0
            ? store
            : store with
            {
                Length = image.Length,
                Records = [.. store.Records.Select(record => Moved(record, start))],
            };
    }

    private static DecodedStore DecodeArea(ReadOnlySpan<byte> image, StoreOptions options)
    {
        bool given = LayoutParameters.Any(options.Parameters.ContainsKey);
        if (!given)
        {
            var inferred =
                LayoutInference.Find(image, options)
                ?? throw new RecordFormatException(
                    "no ramoops area begins here: the image has no zone headers, or none in the places of a layout"
                );
            return With(DecodeAs(image, inferred.Options, Inferred, options.Kernel), inferred.Remark());
        }
        if (options.Endian is null && IsBigEndian(image))
            options = options with { Endian = Endianness.Big };
        var known = WriterInference.Complete(image, options);
        var store = DecodeAs(image, known, "as the parameters say", options.Kernel);
        return LayoutInference.Contradiction(image, RamoopsLayout.From(known, image.Length)) is { } other
            ? With(
                store,
                $"few zone headers are in the places of these parameters; by its headers the layout is {other}"
            )
            : store;
    }

    private static bool IsBigEndian(ReadOnlySpan<byte> image) =>
        new HeaderMap(image).Offsets.Count < new HeaderMap(image, bigEndian: true).Offsets.Count;

    /// <summary>Adds what is wrong with the area as a whole; null adds nothing.</summary>
    internal static DecodedStore With(DecodedStore store, string? fault) =>
        fault is null ? store : store with { Faults = [.. store.Faults, fault] };

    /// <summary>Decodes an area with known options.</summary>
    /// <param name="image">Begins with the area.</param>
    /// <param name="known">Options that divide the image.</param>
    /// <param name="how">Origin of the division, for <see cref="DecodedStore.Layout"/>.</param>
    /// <param name="kernel">Version of the writing kernel; null where the caller does not know it.</param>
    internal static DecodedStore DecodeAs(
        ReadOnlySpan<byte> image,
        StoreOptions known,
        string how,
        Version? kernel = null
    )
    {
        var layout = RamoopsLayout.From(known, image.Length);
        var faults = new List<string>();
        var records = new List<StoredRecord>();
        foreach (var zone in layout.Zones)
        {
            var record =
                zone.End <= image.Length
                    ? ZoneReader.Read(image, zone, layout, kernel)
                    : ZoneReader.ReadTorn(image, zone, layout);
            if (record is not null)
                records.Add(record);
        }

        if (layout.MemorySize > image.Length)
            faults.Add($"the area has {layout.MemorySize} bytes, and the image ends after {image.Length} of them");
        if (Rotten(image, layout) is { } rotten)
            faults.Add(rotten);
        StopAtEmpty(records, faults);
        return new DecodedStore(
            StoreKind.Ramoops,
            image.Length,
            $"{layout}; {how}",
            layout.ToOptions(known),
            records,
            []
        )
        {
            Faults = faults,
            Divisions = [.. layout.Zones.Select(zone => zone.Offset)],
        };
    }

    // Memory that was without power for a moment forgets bits. ECC corrects them.
    private static string? Rotten(ReadOnlySpan<byte> image, RamoopsLayout layout)
    {
        var rotten = new List<string>();
        foreach (var zone in layout.Zones)
        {
            if (
                layout.ParitySize == 0
                && zone.Type != RecordType.Ftrace
                && zone.Offset + ZoneHeader.Size <= image.Length
                && ZoneHeader.Read(image[(int)zone.Offset..], layout.BigEndian).Signature is var signature
                && HeaderMap.IsRotten(signature)
            )
                rotten.Add($"0x{signature:x8} of {zone}");
        }
        return rotten.Count == 0
            ? null
            : "signatures have wrong bits, as of memory that lost its power: "
                + string.Join(", ", rotten.Take(MaxRottenTold))
                + (rotten.Count > MaxRottenTold ? " and others" : "");
    }

    /// <summary>
    /// Makes an area as ramoops leaves zeroed memory once it was loaded: with the headers of empty zones.
    /// </summary>
    /// <inheritdoc/>
    public byte[] CreateEmpty(long size, StoreOptions options)
    {
        if (size <= 0 || size > Array.MaxLength)
            throw new RecordFormatException($"a store of {size} bytes; expected 1 to {Array.MaxLength}");
        int start = Start(size, options);
        var layout = RamoopsLayout.From(options, size - start);
        if (layout.MemorySize > size - start)
            throw new RecordFormatException(
                $"ramoops.mem_size is {layout.MemorySize} bytes, and the store has only {size - start}"
            );
        byte[] image = new byte[size];
        foreach (var zone in layout.Zones)
            ZoneWriter.Zap(
                Bytes(image.AsSpan(start), zone),
                Geometry(zone, layout),
                Signature(zone, options),
                layout.BigEndian
            );
        return image;
    }

    /// <summary>
    /// Writes a record to a zone. A dump takes the zone of its index, or the first empty one. A console, pmsg or ftrace
    /// record replaces the content of its zone; the end of a longer one remains, as after many small writes.
    /// </summary>
    /// <inheritdoc/>
    public bool Write(Span<byte> image, StoreOptions options, RecordToWrite record)
    {
        image = image[Start(image.Length, options)..];
        var layout = RamoopsLayout.From(options, image.Length);
        long length = image.Length;
        var zones = layout.Zones.Where(zone => zone.Type == record.Type && zone.End <= length).ToList();
        if (zones.Count == 0)
            throw new RecordFormatException(
                $"there is no zone for a record of type '{RecordText.ForDisplay(record.Type)}' in this area ({layout})"
            );
        if (record.Index is { } index && (index < 0 || index >= zones.Count))
            throw new RecordFormatException($"there is no {record.Type} zone {index}; the last is {zones.Count - 1}");
        if (record.Type != RecordType.Dmesg)
        {
            var single = zones[record.Index ?? 0];
            ZoneWriter.WriteCircular(
                Bytes(image, single),
                Geometry(single, layout),
                Signature(single, options),
                record.Payload.Span,
                layout.BigEndian
            );
            return true;
        }

        int chosen = record.Index ?? FirstEmpty(image, zones, layout);
        return chosen >= 0
            && ZoneWriter.WriteDump(
                Bytes(image, zones[chosen]),
                Geometry(zones[chosen], layout),
                record,
                layout.BigEndian
            );
    }

    // Offset of the area in the image, in bytes.
    private static int Start(long length, StoreOptions options)
    {
        if (options.Address is not { } first || options.Number("ramoops.mem_address") is not { } area || area == first)
            return 0;
        return area > first && area - first < length
            ? (int)(area - first)
            : throw new RecordFormatException(
                $"ramoops.mem_address is 0x{area:x}, and the store is the memory from 0x{first:x} to "
                    + $"0x{first + length - 1:x}"
            );
    }

    private static StoredRecord Moved(StoredRecord record, int by) =>
        record with
        {
            Regions = [.. record.Regions.Select(region => region with { Offset = region.Offset + by })],
        };

    private static int FirstEmpty(ReadOnlySpan<byte> image, List<RamoopsZone> zones, RamoopsLayout layout)
    {
        for (int index = 0; index < zones.Count; index++)
        {
            var record = ZoneReader.Read(image, zones[index], layout, null);
            if (record is null || record.State != RecordState.Live)
                return index;
        }
        return -1;
    }

    // pstore_get_backend_records in fs/pstore/platform.c ends at the first record without a byte. ramoops_pstore_read
    // reads the zones in this order, regardless of their order in the area (both 5.10 to 7.2).
    private static void StopAtEmpty(List<StoredRecord> records, List<string> faults)
    {
        int stop = records.FindIndex(record => record.State == RecordState.Live && record.Payload.IsEmpty);
        if (stop < 0)
            return;
        string place = records[stop].Place;
        for (int index = stop; index < records.Count; index++)
        {
            if (records[index].State != RecordState.Live)
                continue;
            string fault =
                index == stop
                    ? "no byte is behind its ====…: a kernel takes it for the end of the store"
                    : $"a kernel does not reach it: {place} is empty and ends the listing";
            records[index] = records[index] with
            {
                State = RecordState.Invalid,
                Faults = [.. records[index].Faults, fault],
            };
        }
        faults.Add($"a kernel reads nothing from {place} on");
    }

    private static uint Signature(RamoopsZone zone, StoreOptions options) =>
        zone.Type == RecordType.Ftrace
            ? ZoneHeader.FtraceSignature(options.Kernel ?? RamoopsLayout.AssumedKernel)
            : ZoneHeader.Dbgc;

    private static Span<byte> Bytes(Span<byte> image, RamoopsZone zone) => image.Slice((int)zone.Offset, zone.Size);

    private static ZoneGeometry Geometry(RamoopsZone zone, RamoopsLayout layout) =>
        ZoneGeometry.Of(zone.Size, layout.ParitySize)!.Value;
}
