using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>
/// A block device under pstore_blk (fs/pstore/zone.c and blk.c, the same from 5.10 to 7.2), as a 64-bit little-endian
/// kernel writes it.
/// </summary>
internal sealed class BlkFormat : IStoreFormat
{
    private static readonly string[] Sizes =
    [
        PstoreBlkParameters.KmsgSize,
        PstoreBlkParameters.PmsgSize,
        PstoreBlkParameters.ConsoleSize,
        PstoreBlkParameters.FtraceSize,
    ];

    public StoreKind Kind => StoreKind.PstoreBlk;

    public string Name => "pstore-blk";

    public IReadOnlyList<string> Types => BlkListing.Order;

    public StoreListing Listing { get; } = new BlkListing();

    /// <inheritdoc/>
    /// <remarks>
    /// A dump's sub-header or the signature of another type shows it; ramoops has neither. A device whose first 64 KiB
    /// are unused is not recognised.
    /// </remarks>
    public bool Recognises(ReadOnlySpan<byte> head, long length)
    {
        for (int offset = 0; offset < head.Length; offset += 4096)
        {
            if (BlkInference.TypeAt(head, offset) is not null)
                return true;
        }
        return false;
    }

    /// <inheritdoc/>
    /// <remarks>The sizes are inferred where no parameter of pstore_blk is given.</remarks>
    public DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options)
    {
        var guesses = new List<string>();
        int length = image.Length;
        image = image[..(length / 4096 * 4096)];
        bool given = Array.Exists(Sizes, options.Parameters.ContainsKey);
        var complete = given ? options : BlkInference.Complete(image, options, guesses);
        var layout = BlkLayout.From(complete, image.Length);
        var records = new List<StoredRecord>();
        foreach (var zone in layout.Zones)
        {
            if (BlkDecoder.Decode(image, zone) is { } record)
                records.Add(record);
        }
        var remarks = guesses;
        if (length % 4096 != 0)
            remarks.Add($"its length, {length}, is no multiple of 4096: pstore_blk refuses it; the rest was left out");
        return new DecodedStore(
            Kind,
            length,
            $"pstore_blk: {layout}{(given ? "" : ", inferred from the headers")}",
            complete,
            records,
            remarks
        )
        {
            Divisions = [.. layout.Zones.Select(zone => zone.Offset)],
        };
    }

    public byte[] CreateEmpty(long size, StoreOptions options)
    {
        if (size > Array.MaxLength)
            throw new RecordFormatException($"a device of {size} bytes; expected up to {Array.MaxLength}");
        BlkLayout.From(options, size);
        return new byte[size];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A zone without a dump, or with an erased one, is free. A kernel replaces the earliest dump where none is free.
    /// </remarks>
    public bool Write(Span<byte> image, StoreOptions options, RecordToWrite record)
    {
        var layout = BlkLayout.From(options, image.Length);
        uint signature = BlkHeader.SignatureOf(record.Type);
        var zones = layout.Of(record.Type).ToList();
        if (zones.Count == 0 || record.Index is { } index && (index < 0 || index >= zones.Count))
            throw new RecordFormatException(
                $"there is no {record.Type} zone {record.Index ?? 0}; the device has {zones.Count}"
            );
        bool dump = record.Type == RecordType.Dmesg;
        int prefix = BlkHeader.Length + (dump ? BlkKmsgHeader.Length : 0);
        if (record.Payload.Length > zones[0].Length - prefix)
            throw new RecordFormatException(
                $"a {record.Type} zone has room for {zones[0].Length - prefix} bytes, not for {record.Payload.Length}"
            );
        if (!dump && record.MarkedCompressed)
            throw new RecordFormatException($"pstore_blk compresses {RecordType.Dmesg} only, not {record.Type}");

        int found = record.Index ?? Free(image, zones, signature);
        if (found < 0)
            return false;
        Span<byte> zone = image.Slice((int)zones[found].Offset, zones[found].Length);
        int length = prefix - BlkHeader.Length + record.Payload.Length;
        if (dump)
        {
            long ticks = (record.WrittenAt - DateTimeOffset.UnixEpoch).Ticks;
            long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest) - (rest < 0 ? 1 : 0);
            long nanoseconds = (rest < 0 ? rest + TimeSpan.TicksPerSecond : rest) * 100;
            zone.Clear();
            new BlkKmsgHeader(
                BlkKmsgHeader.Magic,
                seconds,
                nanoseconds,
                record.MarkedCompressed,
                record.Count,
                BlkKmsgHeader.ReasonOf(record.Reason)
            ).Write(zone[BlkHeader.Length..]);
        }
        // The next byte of a ring goes behind the last one; the start of a dump stays 0.
        new BlkHeader(signature, length, dump ? 0 : length).Write(zone);
        record.Payload.Span.CopyTo(zone[prefix..]);
        return true;
    }

    private static int Free(ReadOnlySpan<byte> image, List<BlkZone> zones, uint signature)
    {
        for (int index = 0; index < zones.Count; index++)
        {
            var header = BlkHeader.Read(image[(int)zones[index].Offset..]);
            if (header.Signature != signature || header.DataLength == 0)
                return index;
        }
        return -1;
    }
}
