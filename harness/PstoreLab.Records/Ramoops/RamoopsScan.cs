using System.Buffers;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Finds ramoops areas in what is far larger than one: a dump of a machine's memory. A file is read once, from one end
/// to the other, with two buffers of 2 MiB; only what follows the header of a zone is looked at closely. A pipe is read
/// once, too, and what follows such a header is kept, up to 128 MiB of it.
/// </summary>
public static class RamoopsScan
{
    /// <summary>No area is larger, in bytes.</summary>
    public const int MaxAreaLength = 64 << 20;

    internal const int BlockSize = 2 << 20;

    // A header, and the word behind it that tells pstore_blk.
    internal const int Context = ZoneHeader.Size + 4;

    // More headers than this in a row are somebody's joke.
    private const int MostHeaders = 1 << 16;

    /// <summary>Finds all areas.</summary>
    /// <param name="stream">Is read from where it stands to its end, and put back there; has to be seekable, as what is
    /// around a header is read again.</param>
    /// <param name="options">What is known of the areas: <c>ramoops.ecc</c>, or the kernel.</param>
    /// <returns>In ascending order; none lies in another.</returns>
    /// <exception cref="NotSupportedException">The stream is not seekable.</exception>
    public static IReadOnlyList<RamoopsArea> Find(Stream stream, StoreOptions? options = null)
    {
        if (!stream.CanSeek)
            throw new NotSupportedException("a scan needs a file: what is around a zone header is read a second time");
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

    /// <summary>Finds all areas and decodes them, as they come; from a pipe, too.</summary>
    /// <param name="stream">Is read from where it stands to its end.</param>
    /// <param name="options">What is known of the areas: <c>ramoops.ecc</c>, or the kernel.</param>
    public static IEnumerable<(RamoopsArea Area, DecodedStore Store)> DecodeAll(
        Stream stream,
        StoreOptions? options = null
    ) =>
        stream.CanSeek
            ? Find(stream, options).Select(area => (area, Decode(stream, area)))
            : PipeScan.DecodeAll(stream, options ?? StoreOptions.None);

    /// <summary>Reads an area that was found, and decodes it.</summary>
    /// <param name="stream">Stands where it stood when the scan began.</param>
    /// <returns>Offsets count from the beginning of the area.</returns>
    /// <exception cref="RecordFormatException">It is not there any more.</exception>
    public static DecodedStore Decode(Stream stream, RamoopsArea area)
    {
        if (area.Length is < 0 or > MaxAreaLength)
            throw new RecordFormatException($"an area of {area.Length} bytes; expected up to {MaxAreaLength}");
        byte[] image = Read(stream, stream.Position, area.Offset, (int)area.Length);
        return RamoopsFormat.DecodeAs(image, area.Options, RamoopsFormat.Inferred);
    }

    /// <summary>Where the first header of a zone is that makes sense; -1 when there is none.</summary>
    internal static int FirstHeader(ReadOnlySpan<byte> block)
    {
        var headers = new List<Found>();
        Search(block, 0, headers);
        return headers.Count > 0 ? (int)headers[0].Offset : -1;
    }

    /// <param name="Offset">From where the scan began.</param>
    private readonly record struct Found(long Offset, uint Length);

    private static List<Found> Headers(Stream stream)
    {
        var headers = new List<Found>();
        byte[] current = ArrayPool<byte>.Shared.Rent(BlockSize + Context);
        byte[] next = ArrayPool<byte>.Shared.Rent(BlockSize + Context);
        try
        {
            // The end of each block goes before the next one, so that a header across both is whole in one.
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

    // What is too near the end for a word behind the header.
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
        if (headers.Count < MostHeaders)
            headers.Add(new Found(offset, header.Length));
    }

    // Before anything is read again: an area has more than one zone, spaced so that what is in them fits, or a zone
    // with something in it.
    private static bool MayBegin(List<Found> headers, int index)
    {
        var first = headers[index];
        if (first.Length > 0)
            return true;
        for (int next = index + 1; next < headers.Count && headers[next].Offset - first.Offset < MaxAreaLength; next++)
        {
            if (headers[next].Offset - first.Offset >= LayoutInference.SmallestZone)
                return true;
        }
        return false;
    }

    private static RamoopsArea? Area(Stream stream, long start, List<Found> headers, int index, StoreOptions options)
    {
        var first = headers[index];
        // To the last header that may be of the same area, and as much again for the zone behind it and ftrace, which
        // has another signature.
        long last = first.Offset + first.Length + ZoneHeader.Size;
        long spacing = 0;
        for (int next = index + 1; next < headers.Count; next++)
        {
            long gap = headers[next].Offset - headers[next - 1].Offset;
            if (headers[next].Offset - first.Offset >= MaxAreaLength || (spacing > 0 && gap > 4 * spacing))
                break;
            spacing = Math.Max(spacing, gap);
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

    // What text that happens to hold "DBGC" before zeros does not have: three zones where they belong, or a dump, or
    // parity.
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
