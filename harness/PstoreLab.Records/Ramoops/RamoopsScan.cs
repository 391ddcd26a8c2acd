using System.Buffers;
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

    // A header, and the word behind it that distinguishes pstore_blk.
    internal const int Context = ZoneHeader.Size + 4;

    // More headers do not occur, except in a stream made for it.
    private const int MaxHeaders = 1 << 16;

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
        var headers = Headers(stream);
        var areas = new List<RamoopsArea>();
        long end = 0;
        for (int index = 0; index < headers.Count; index++)
        {
            var header = headers[index];
            if (header.Offset < end || !MayBegin(headers, index))
                continue;
            if (Area(stream, start, headers, index, options ?? StoreOptions.None) is { } area)
            {
                areas.Add(area);
                end = area.Offset + area.Length;
            }
        }
        stream.Position = start;
        return areas;
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
            ? Find(stream, options).Select(area => (area, Decode(stream, area)))
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
        return RamoopsFormat.DecodeAs(image, area.Options, RamoopsFormat.Inferred);
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
    private readonly record struct Found(long Offset, uint Length);

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

    private static void Search(ReadOnlySpan<byte> block, long offset, List<Found> headers)
    {
        int from = 0;
        while (block[from..].IndexOf("DBGC"u8) is var next and >= 0)
        {
            int at = from + next;
            if (at + Context > block.Length)
                return;
            Add(block[at..], offset + at, headers);
            from = at + 4;
        }
    }

    // A header so near the end that no word is behind it.
    private static void SearchTail(ReadOnlySpan<byte> tail, long offset, List<Found> headers)
    {
        int at = tail.IndexOf("DBGC"u8);
        if (at >= 0 && at + ZoneHeader.Size <= tail.Length)
            Add(tail[at..], offset + at, headers);
    }

    private static void Add(ReadOnlySpan<byte> bytes, long offset, List<Found> headers)
    {
        var header = ZoneHeader.Read(bytes);
        if (header.Length > MaxAreaLength || header.Start > header.Length || HeaderMap.IsPstoreBlk(bytes))
            return;
        if (headers.Count < MaxHeaders)
            headers.Add(new Found(offset, header.Length));
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

    private static RamoopsArea? Area(Stream stream, long start, List<Found> headers, int index, StoreOptions options)
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
        long length = Math.Min(MaxAreaLength, last - first.Offset + Math.Max(2 * spacing, 64 << 10));
        length = Math.Min(length, stream.Length - start - first.Offset);
        byte[] image = Read(stream, start, first.Offset, (int)length);
        if (LayoutInference.Find(image, options, whole: false) is not { } found)
            return null;
        var layout = RamoopsLayout.From(found, image.Length);
        return IsCertain(image, layout)
            ? new RamoopsArea(first.Offset, Math.Min(layout.MemorySize, image.Length), layout.ToOptions(found))
            : null;
    }

    // Three zones in their places, a dump, or parity: a text that happens to have "DBGC" before zeros has none of
    // these.
    private static bool IsCertain(ReadOnlySpan<byte> image, RamoopsLayout layout)
    {
        int there = 0,
            dumps = 0,
            parity = 0;
        foreach (var zone in layout.Zones)
        {
            if (zone.End > image.Length)
                continue;
            var bytes = image.Slice((int)zone.Offset, zone.Size);
            var header = ZoneHeader.Read(bytes);
            if (
                ZoneGeometry.Of(zone.Size, layout.ParitySize) is not { } geometry
                || header.Signature != ZoneHeader.Dbgc
                || !header.Fits(geometry.DataSize)
            )
                continue;
            there++;
            if (
                zone.Type == RecordType.Dmesg
                && header.Length > 0
                && DumpPrefix.Read(bytes[ZoneHeader.Size..]) is not null
            )
                dumps++;
            if (layout.ParitySize > 1 && HasParity(bytes, geometry))
                parity++;
        }
        return dumps > 0 || parity > 0 || (there >= 3 && 4 * there >= 3 * layout.Zones.Count);
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
