using System.Globalization;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops.Boards;

/// <summary>
/// What a reader that divides an area one way shows of what a writer left that divided it another way. Nothing is
/// reasoned: an area is filled as the writer does, to the last byte, and read as the reader does.
/// </summary>
public sealed class LayoutComparison
{
    private static readonly RamoopsFormat Format = new();

    private LayoutComparison(IReadOnlyList<ComparedZone> writer, IReadOnlyList<ComparedZone> reader)
    {
        Writer = writer;
        Reader = reader;
    }

    /// <summary>The writer's zones, in the order of the area.</summary>
    public IReadOnlyList<ComparedZone> Writer { get; }

    /// <summary>The reader's zones, in the order of the area.</summary>
    public IReadOnlyList<ComparedZone> Reader { get; }

    /// <summary>Whether the reader shows all that the writer left, each record whole and by its own type.</summary>
    public bool ShowsAll => Writer.All(zone => zone.Fate == ZoneFate.Whole);

    /// <summary>Compares two divisions.</summary>
    /// <param name="writer">Parameters of the writer; its area has an address only if the reader's has one.</param>
    /// <param name="reader">Parameters of the reader.</param>
    /// <exception cref="RecordFormatException">A kernel refuses one of them, the size of an area is missing, or the two
    /// areas are too far apart to have anything in common.</exception>
    public static LayoutComparison Of(StoreOptions writer, StoreOptions reader)
    {
        var (first, length) = Window(writer, reader);
        // Said of one side alone it holds for both, and nothing is inferred from what the other has left.
        writer = Complete(writer, reader) with
        {
            Address = first,
        };
        reader = Complete(reader, writer) with { Address = first };
        byte[] image = Format.CreateEmpty(length, writer);
        long writerStart = Start(writer);
        long readerStart = Start(reader);
        var from = RamoopsLayout.From(writer, Size(writer, "the writer's"));
        var to = RamoopsLayout.From(reader, Size(reader, "the reader's"));
        var written = new List<byte[]>();
        foreach (var zone in from.Zones)
            written.Add(Fill(image, writer, zone, from.ParitySize));
        var shown = Format
            .Decode(image, reader)
            .Records.Where(record => record.State == RecordState.Live)
            .ToDictionary(record => record.Place);

        var readers = new List<ComparedZone>();
        var fates = new ZoneFate[from.Zones.Count];
        foreach (var zone in to.Zones)
        {
            var compared = new ComparedZone(zone.Type, zone.Index, readerStart + zone.Offset, zone.Size);
            if (shown.TryGetValue(zone.ToString(), out var record))
            {
                int source = Source(record.Payload.Span, written);
                var fate =
                    source < 0 || from.Zones[source].Type != zone.Type ? ZoneFate.Garbled
                    : record.Payload.Span.SequenceEqual(written[source]) ? ZoneFate.Whole
                    : ZoneFate.Part;
                if (source >= 0)
                    fates[source] = Better(fates[source], fate);
                compared = compared with { Fate = fate, Of = source < 0 ? null : from.Zones[source].ToString() };
            }
            readers.Add(compared);
        }
        return new LayoutComparison(
            [
                .. from.Zones.Select(
                    (zone, index) =>
                        new ComparedZone(zone.Type, zone.Index, writerStart + zone.Offset, zone.Size)
                        {
                            Fate = fates[index],
                        }
                ),
            ],
            readers
        );
    }

    private static StoreOptions Complete(StoreOptions options, StoreOptions other) =>
        options with
        {
            Kernel = options.Kernel ?? other.Kernel ?? RamoopsLayout.AssumedKernel,
            Cpus = options.Cpus ?? other.Cpus ?? 1,
        };

    // The memory that both areas are in. Without addresses they begin at the same byte.
    private static (long? First, long Length) Window(StoreOptions writer, StoreOptions reader)
    {
        long writerSize = Size(writer, "the writer's");
        long readerSize = Size(reader, "the reader's");
        if (Address(writer) is not { } one || Address(reader) is not { } other)
            return (null, Checked(Math.Max(writerSize, readerSize)));
        long first = Math.Min(one, other);
        long end = Math.Max(one + writerSize, other + readerSize);
        return (first, Checked(end - first));
    }

    private static long Checked(long length) =>
        length is > 0 and <= RamoopsScan.MaxAreaLength
            ? length
            : throw new RecordFormatException(
                $"both areas together take {length} bytes; areas of up to {RamoopsScan.MaxAreaLength} bytes that are "
                    + "near each other can be compared"
            );

    private static long Size(StoreOptions options, string whose) =>
        options.Number("ramoops.mem_size")
        ?? throw new RecordFormatException($"{whose} area has no size; say ramoops.mem_size=");

    private static long? Address(StoreOptions options) => options.Number("ramoops.mem_address");

    private static long Start(StoreOptions options) =>
        options.Address is { } first && Address(options) is { } area ? area - first : 0;

    // Text that is nowhere else, as much as the zone has room for.
    private static byte[] Fill(Span<byte> image, StoreOptions writer, RamoopsZone zone, int parity)
    {
        int room = ZoneGeometry.Of(zone.Size, parity)!.Value.DataSize;
        if (zone.Type == RecordType.Dmesg)
            room -= DumpPrefix.Format(DateTimeOffset.UnixEpoch, compressed: false).Length;
        byte[] text = new byte[Math.Max(0, room)];
        int at = 0;
        for (int line = 0; at < text.Length; line++)
        {
            byte[] words = RecordText.ToBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<6>[{line:000000000000}.000000] {zone.Type} {zone.Index}\n"
                )
            );
            int count = Math.Min(words.Length, text.Length - at);
            words.AsSpan(0, count).CopyTo(text.AsSpan(at));
            at += count;
        }
        Format.Write(image, writer, new RecordToWrite(zone.Type, text) { Index = zone.Index });
        return text;
    }

    // The one that it has the most of.
    private static int Source(ReadOnlySpan<byte> shown, List<byte[]> written)
    {
        const int Piece = 40;
        int best = -1;
        int most = 0;
        for (int index = 0; index < written.Count; index++)
        {
            int pieces = 0;
            for (int at = 0; at + Piece <= shown.Length; at += Math.Max(Piece, shown.Length / 64))
                pieces += written[index].AsSpan().IndexOf(shown.Slice(at, Piece)) >= 0 ? 1 : 0;
            if (pieces > most)
                (best, most) = (index, pieces);
        }
        return best;
    }

    private static ZoneFate Better(ZoneFate one, ZoneFate other) => (ZoneFate)Math.Max((int)one, (int)other);
}

/// <summary>A zone of one side of a comparison.</summary>
/// <param name="Type">One of <see cref="RecordType"/>.</param>
/// <param name="Index">Number among the zones of its type, from 0.</param>
/// <param name="Offset">Offset in the memory that both areas are in, in bytes.</param>
/// <param name="Size">In bytes, with header and parity.</param>
public sealed record ComparedZone(string Type, int Index, long Offset, int Size)
{
    /// <summary>Of a writer's zone what becomes of its record, of a reader's what it shows.</summary>
    public ZoneFate Fate { get; init; }

    /// <summary>Of a reader's zone, whose record it shows, as <c>dmesg zone 0</c>; null for nobody's.</summary>
    public string? Of { get; init; }

    /// <summary>Its name, such as <c>dmesg zone 0</c>.</summary>
    public string Place => $"{Type} zone {Index}";
}

/// <summary>What a reader shows of a record.</summary>
public enum ZoneFate
{
    /// <summary>Nothing. As the reader takes the zone for empty or for invalid, it also empties it.</summary>
    Lost,

    /// <summary>Bytes of it that are no record, or under a name of another type.</summary>
    Garbled,

    /// <summary>Some of it, or all of it and more.</summary>
    Part,

    /// <summary>All of it, and nothing else.</summary>
    Whole,
}
