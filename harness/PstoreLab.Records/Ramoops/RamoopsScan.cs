using System.Buffers;
using System.Numerics;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Finds ramoops areas in a dump of a machine's memory. A file is read once from end to end, with two buffers of 2 MiB;
/// the bytes behind a zone header are read again. A pipe is read once, and up to 128 MiB behind a zone header are kept.
/// </summary>
public static class RamoopsScan
{
    /// <summary>Kind of the stores that are found.</summary>
    public const StoreKind Kind = StoreKind.Ramoops;

    /// <summary>Size of the largest area that is found, in bytes.</summary>
    public const int MaxAreaLength = 64 << 20;

    internal const int BlockSize = 2 << 20;

    private const int PartSize = 128 << 10;

    // A header, and the word behind it that distinguishes pstore_blk.
    internal const int Context = ZoneHeader.Size + 4;

    private static readonly Comparer<Found> ByOffset = Comparer<Found>.Create(
        (one, other) => one.Offset.CompareTo(other.Offset)
    );

    // More headers do not occur, except in a stream made for it.
    private const int MaxHeaders = 1 << 16;

    // Bytes behind the last plain header in which the area is looked for, at first and after many that began none. The
    // last plain header is often that of the largest zone.
    private const int Behind = 16 << 20;
    private const int BehindOfMany = 64 << 10;
    private const int MaxLookedFar = 256;

    // Bytes of text that show a ring.
    private const int MinRing = 32;

    // Dump zones that a cut at the beginning may have taken.
    private const int MaxMissing = 64;

    /// <summary>Finds all areas of a seekable stream.</summary>
    /// <param name="stream">It is read from its position to its end, and set back to that position.</param>
    /// <param name="options">Known options of the areas: <c>ramoops.ecc</c>, or the kernel; null for none.</param>
    /// <returns>The areas in ascending order; they do not overlap.</returns>
    /// <exception cref="NotSupportedException">The stream is not seekable.</exception>
    public static IReadOnlyList<RamoopsArea> Find(Stream stream, StoreOptions? options = null)
    {
        if (!stream.CanSeek)
            throw new NotSupportedException("a scan needs a seekable stream: it reads the bytes behind a header again");
        long start = stream.Position;
        options ??= StoreOptions.None;
        var areas = AreasOf(stream, start, Headers(stream), options, rotten: false);
        if (areas.Count == 0 && stream.Length - start <= MaxAreaLength)
        {
            byte[] image = Read(stream, start, 0, (int)(stream.Length - start));
            areas = AreasOf(stream, start, RottenHeaders(image), options, rotten: true);
        }
        stream.Position = start;
        return areas;
    }

    private static List<RamoopsArea> AreasOf(
        Stream stream,
        long start,
        List<Found> headers,
        StoreOptions options,
        bool rotten
    )
    {
        var areas = new List<RamoopsArea>();
        long end = 0;
        int looked = 0;
        for (int index = 0; index < headers.Count; index++)
        {
            var header = headers[index];
            if (
                header.Offset < end
                || (options.Endian is { } endian && header.BigEndian != (endian == Endianness.Big))
                || !MayBegin(headers, index)
            )
                continue;
            int behind = looked++ < MaxLookedFar ? Behind : BehindOfMany;
            if (Area(stream, start, headers, index, options, behind, rotten) is { } area)
            {
                areas.Add(area);
                end = area.Offset + area.Length;
            }
        }
        return areas;
    }

    private static List<Found> RottenHeaders(ReadOnlySpan<byte> image)
    {
        var headers = new List<Found>();
        foreach (bool bigEndian in (ReadOnlySpan<bool>)[false, true])
        {
            // A map has the even offsets from its beginning.
            for (int first = 0; first < Math.Min(2, image.Length); first++)
            {
                var map = new HeaderMap(image[first..], bigEndian, rotten: true);
                foreach (int at in map.Offsets)
                    headers.Add(new Found(first + at, map.Header(at).Length, bigEndian));
            }
        }
        headers.Sort((one, other) => one.Offset.CompareTo(other.Offset));
        return headers;
    }

    /// <summary>Finds all areas of a stream and decodes them one by one. The stream may be a pipe.</summary>
    /// <param name="stream">It is read from its position to its end.</param>
    /// <param name="options">Known options of the areas: <c>ramoops.ecc</c>, or the kernel; null for none.</param>
    /// <returns>Each area with its records, in ascending order; offsets of regions count from the beginning of the
    /// area.</returns>
    public static IEnumerable<(RamoopsArea Area, DecodedStore Store)> DecodeAll(
        Stream stream,
        StoreOptions? options = null
    ) =>
        stream.CanSeek
            ? Find(stream, options).Select(area => (area, DecodeFirst(stream, area)))
            : PipeScan.DecodeAll(stream, options ?? StoreOptions.None);

    /// <summary>Reads and decodes an area that <see cref="Find"/> found.</summary>
    /// <param name="stream">The same stream, at the same position as for <see cref="Find"/>.</param>
    /// <param name="area">The area.</param>
    /// <returns>The records of the area; offsets of regions count from its beginning.</returns>
    /// <exception cref="RecordFormatException">The area is not there any more.</exception>
    public static DecodedStore Decode(Stream stream, RamoopsArea area)
    {
        if (area.Length is < 0 or > MaxAreaLength)
            throw new RecordFormatException($"an area of {area.Length} bytes; expected up to {MaxAreaLength}");
        byte[] image = Read(stream, stream.Position, area.Offset, (int)area.Length);
        var layout = RamoopsLayout.From(area.Options, image.Length);
        var left = LayoutInference.LeftOver(image, layout);
        return RamoopsFormat.With(
            RamoopsFormat.DecodeAs(image, area.Options, RamoopsFormat.Inferred),
            new InferredLayout(area.Options, left).Remark(area.Offset)
        );
    }

    private static DecodedStore DecodeFirst(Stream stream, RamoopsArea area)
    {
        var store = Decode(stream, area);
        var layout = RamoopsLayout.From(area.Options, area.Length);
        // The zone before the first one would begin before the stream.
        if (
            layout.Zones is not [{ Type: RecordType.Dmesg, Size: var size }, ..]
            || area.Offset == 0
            || area.Offset >= size
            || Read(stream, stream.Position, 0, (int)area.Offset).AsSpan().IndexOfAnyExcept((byte)0) < 0
        )
            return store;
        return RamoopsFormat.With(store, MissingBeginning(layout, size, layout.MemorySize > area.Length));
    }

    // Areas are powers of two, and dump zones are missing to one: the first of them are before the stream.
    private static string? MissingBeginning(RamoopsLayout layout, int size, bool cutOff)
    {
        if (cutOff)
            return "the area may have more dmesg zones before the first that is there, from which they are counted";
        for (int missing = 0; missing <= MaxMissing; missing++)
        {
            long memory = layout.MemorySize + ((long)missing * size);
            if (BitOperations.IsPow2(memory))
                return missing == 0
                    ? null
                    : $"the beginning of the area is cut off: with {missing} more dmesg "
                        + $"{(missing == 1 ? "zone" : "zones")} it has {memory} bytes; zones are counted from the "
                        + "first that is there";
        }
        return null;
    }

    /// <summary>Offset of the first plausible zone header; -1 where there is none.</summary>
    internal static int FirstHeader(ReadOnlySpan<byte> block)
    {
        var headers = new List<Found>();
        Search(block, 0, headers);
        return headers.Count > 0 ? (int)headers[0].Offset : -1;
    }

    /// <summary>A plausible zone header.</summary>
    /// <param name="Offset">Offset from the beginning of the scan, in bytes.</param>
    /// <param name="Length">Bytes of data in the zone, by the header.</param>
    /// <param name="BigEndian">Whether it is that of a big-endian machine.</param>
    private readonly record struct Found(long Offset, uint Length, bool BigEndian);

    private static List<Found> Headers(Stream stream)
    {
        var headers = new List<Found>();
        byte[] current = ArrayPool<byte>.Shared.Rent(BlockSize + Context);
        byte[] next = ArrayPool<byte>.Shared.Rent(BlockSize + Context);
        try
        {
            // The end of each block is copied before the next one: a header across both is complete in one.
            long offset = 0;
            int carried = 0;
            int read = stream.ReadAtLeast(current.AsSpan(0, BlockSize), BlockSize, throwOnEndOfStream: false);
            while (read > 0)
            {
                int length = carried + read;
                int kept = Math.Min(length, Context - 1);
                current.AsSpan(length - kept, kept).CopyTo(next);
                // One block is searched while the next is read.
                var (buffer, at) = (next, kept);
                var reading = Task.Run(() =>
                    stream.ReadAtLeast(buffer.AsSpan(at, BlockSize), BlockSize, throwOnEndOfStream: false)
                );
                Search(current.AsSpan(0, length), offset, headers);
                read = reading.GetAwaiter().GetResult();
                if (read == 0)
                    SearchTail(current.AsSpan(length - kept, kept), offset + length - kept, headers);
                offset += length - kept;
                carried = kept;
                (current, next) = (next, current);
            }
            return headers;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    // Parts of a block stay in the processor's cache for the second of the two searches.
    private static void Search(ReadOnlySpan<byte> block, long offset, List<Found> headers)
    {
        int first = headers.Count;
        for (int from = 0; from < block.Length; from += PartSize)
        {
            var part = block.Slice(from, Math.Min(PartSize + Context - 1, block.Length - from));
            Search(part, offset + from, bigEndian: false, headers);
            Search(part, offset + from, bigEndian: true, headers);
        }
        headers.Sort(first, headers.Count - first, ByOffset);
    }

    private static void Search(ReadOnlySpan<byte> part, long offset, bool bigEndian, List<Found> headers)
    {
        int from = 0;
        while (part[from..].IndexOf(ZoneHeader.Magic(bigEndian)) is var next and >= 0)
        {
            int at = from + next;
            if (at + Context > part.Length)
                return;
            Add(part[at..], offset + at, bigEndian, headers);
            from = at + 4;
        }
    }

    // A header so near the end that no word is behind it.
    private static void SearchTail(ReadOnlySpan<byte> tail, long offset, List<Found> headers)
    {
        foreach (bool bigEndian in (ReadOnlySpan<bool>)[false, true])
        {
            int at = tail.IndexOf(ZoneHeader.Magic(bigEndian));
            if (at >= 0 && at + ZoneHeader.Size <= tail.Length)
                Add(tail[at..], offset + at, bigEndian, headers);
        }
    }

    private static void Add(ReadOnlySpan<byte> bytes, long offset, bool bigEndian, List<Found> headers)
    {
        var header = ZoneHeader.Read(bytes, bigEndian);
        if (header.Length > MaxAreaLength || header.Start > header.Length || HeaderMap.IsPstoreBlk(bytes))
            return;
        if (headers.Count < MaxHeaders)
            headers.Add(new Found(offset, header.Length, bigEndian));
    }

    // Checked before anything is read again: an area has several zones with room between them, or a used zone.
    private static bool MayBegin(List<Found> headers, int index)
    {
        var first = headers[index];
        if (first.Length > 0)
            return true;
        for (int next = index + 1; next < headers.Count && headers[next].Offset - first.Offset < MaxAreaLength; next++)
        {
            if (headers[next].Offset - first.Offset >= LayoutInference.MinZoneSize)
                return true;
        }
        return false;
    }

    private static RamoopsArea? Area(
        Stream stream,
        long start,
        List<Found> headers,
        int index,
        StoreOptions options,
        int behind,
        bool rotten
    )
    {
        var first = headers[index];
        // Up to the last header of perhaps the same area, and as much again for the zone behind it and for ftrace,
        // which has another signature.
        long last = first.Offset + first.Length + ZoneHeader.Size;
        long spacing = 0;
        for (int next = index + 1; next < headers.Count; next++)
        {
            long distance = headers[next].Offset - headers[next - 1].Offset;
            if (headers[next].Offset - first.Offset >= MaxAreaLength || (spacing > 0 && distance > 4 * spacing))
                break;
            spacing = Math.Max(spacing, distance);
            last = headers[next].Offset + headers[next].Length + ZoneHeader.Size;
        }
        long length = Math.Min(MaxAreaLength, last - first.Offset + Math.Max(2 * spacing, behind));
        long rest = stream.Length - start - first.Offset;
        byte[] image = Read(stream, start, first.Offset, (int)Math.Min(length, rest));
        var known = options with { Endian = first.BigEndian ? Endianness.Big : Endianness.Little };
        if (LayoutInference.Find(image, known, whole: false, toEnd: length >= rest, rotten) is not { } found)
            return null;
        var inferred = first.BigEndian ? found.Options : found.Options with { Endian = options.Endian };
        var layout = RamoopsLayout.From(inferred, image.Length);
        return IsCertain(image, layout)
            ? new RamoopsArea(first.Offset, Math.Min(layout.MemorySize, image.Length), layout.ToOptions(inferred))
            : null;
    }

    // Three zones in their places, a dump, a ring with a log, or parity: a text that happens to have "DBGC" before
    // zeros has none of these.
    private static bool IsCertain(ReadOnlySpan<byte> image, RamoopsLayout layout)
    {
        int there = 0,
            records = 0,
            parity = 0;
        var map = HeaderMap.At(image, layout.BigEndian);
        foreach (var zone in layout.Zones)
        {
            if (zone.Offset + ZoneHeader.Size > image.Length)
                continue;
            var header = map.Header(zone.Offset);
            if (
                ZoneGeometry.Of(zone.Size, layout.ParitySize) is not { } geometry
                || (zone.Type == RecordType.Ftrace ? map.Ftrace(zone.Offset) is null : !map.IsPlain(zone.Offset))
                || !header.Fits(geometry.DataSize)
            )
                continue;
            there++;
            if (
                header.Length > 0
                && (zone.Type == RecordType.Dmesg ? map.BeginsADump(zone.Offset) : IsRing(map, zone.Offset, geometry))
            )
                records++;
            if (
                layout.ParitySize > 1
                && zone.End <= image.Length
                && HasParity(image.Slice((int)zone.Offset, zone.Size), geometry)
            )
                parity++;
        }
        return records > 0 || parity > 0 || (there >= 3 && 4 * there >= 3 * layout.Zones.Count);
    }

    private static bool IsRing(HeaderMap map, long at, ZoneGeometry geometry)
    {
        var header = map.Header(at);
        return header.Length >= MinRing
            && (map.IsText(at) || (header.Start < header.Length && header.Length == geometry.DataSize));
    }

    private static bool HasParity(ReadOnlySpan<byte> zone, ZoneGeometry geometry)
    {
        Span<byte> parity = stackalloc byte[geometry.ParitySize];
        ReedSolomon.WithParity(geometry.ParitySize).Encode(zone[..ZoneHeader.Size], parity);
        return parity.SequenceEqual(zone.Slice(geometry.HeaderParity, geometry.ParitySize));
    }

    private static byte[] Read(Stream stream, long start, long offset, int length)
    {
        long back = stream.Position;
        stream.Position = start + offset;
        byte[] image = new byte[length];
        int read = stream.ReadAtLeast(image, length, throwOnEndOfStream: false);
        stream.Position = back;
        return read == length ? image : image[..read];
    }
}
