using PstoreLab.Records.Compression;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// What a dump zone with a damaged header or a damaged <c>====</c> line says itself. Without ECC one wrong bit costs a
/// kernel the whole record, although a dump is described twice: start and size are the same number, which is the end
/// of the text or of the compressed stream, and the <c>====</c> line begins the data.
/// </summary>
/// <param name="Prefix">Length of the <c>====</c> line, in bytes.</param>
/// <param name="Length">Length of the record with that line, in bytes.</param>
/// <param name="Compressed">Whether the record is compressed.</param>
/// <param name="WrittenAt">Time of writing; null where it is damaged.</param>
/// <param name="Decompressed">The record behind the line.</param>
/// <param name="Conclusions">What was concluded, each without a full stop.</param>
internal sealed record DumpWitness(
    int Prefix,
    int Length,
    bool Compressed,
    DateTimeOffset? WrittenAt,
    DecompressedPayload Decompressed,
    IReadOnlyList<string> Conclusions
)
{
    // A deflate stream may end in zeros.
    private const int MaxZerosOfAStream = 4;

    // A prefix, and the first line of a dump.
    private const int HeadLength = 96;

    /// <summary>Asks the bytes of a dump zone.</summary>
    /// <param name="data">The data of the zone, behind the header.</param>
    /// <param name="header">The header, perhaps damaged.</param>
    /// <returns>Null where no dump begins there.</returns>
    public static DumpWitness? Of(ReadOnlySpan<byte> data, ZoneHeader header)
    {
        var conclusions = new List<string>();
        if (Line(data, conclusions) is not var (prefix, compressed, written) || prefix >= data.Length)
            return null;
        int used = data.LastIndexOfAnyExcept((byte)0) + 1;
        if (used <= prefix)
            return null;
        bool plain = BeginsADump(data[prefix..]);
        if (plain)
        {
            if (compressed is true)
                conclusions.Add("it is marked as compressed, and is not");
            int end = EndOfText(data, prefix, used, header);
            Ends(header, end, "the text", conclusions);
            var text = DecompressedPayload.Plain(data[prefix..end].ToArray());
            return new DumpWitness(prefix, end, false, written, text, conclusions);
        }

        int most = Math.Min(data.Length, used + MaxZerosOfAStream);
        var stream = RecordCompression.Decompress(data[prefix..most].ToArray());
        bool isStream = stream.Method != CompressionMethod.Unknown && BeginsADump(stream.Bytes.Span);
        if (!isStream)
        {
            if (compressed is null)
                conclusions.Add("it is neither a dump nor a compressed one");
            int known = (int)Math.Min(header.Start == header.Length ? header.Length : 0, (uint)data.Length);
            int length =
                known > prefix ? known
                : compressed is true ? most
                : used;
            return new DumpWitness(
                prefix,
                length,
                compressed is true,
                written,
                compressed is true ? stream : DecompressedPayload.Plain(data[prefix..length].ToArray()),
                conclusions
            );
        }

        if (compressed is not true)
            conclusions.Add($"by its content it is compressed by {stream.Method}".ToLowerInvariant());
        if (!stream.IsComplete)
        {
            // The end of a damaged stream is not where decompressing stopped.
            int known = (int)Math.Min(header.Start == header.Length ? header.Length : 0, (uint)data.Length);
            return new DumpWitness(prefix, known > prefix ? known : most, true, written, stream, conclusions);
        }
        int streamEnd = most - stream.TrailingBytes;
        Ends(header, streamEnd, "the stream", conclusions);
        return new DumpWitness(prefix, streamEnd, true, written, stream with { TrailingBytes = 0 }, conclusions);
    }

    /// <summary>Whether bytes begin with the first line of a dump.</summary>
    public static bool BeginsADump(ReadOnlySpan<byte> bytes) =>
        DumpHeader.TryParse(RecordText.FromBytes(bytes[..Math.Min(bytes.Length, HeadLength)]), out _, out _);

    // The line as a kernel reads it, or with some wrong bits, or whatever is before the first line of the dump.
    private static (int Length, bool? Compressed, DateTimeOffset? Written)? Line(
        ReadOnlySpan<byte> data,
        List<string> conclusions
    )
    {
        var damaged = DamagedPrefix.Read(data);
        if (DumpPrefix.Read(data) is { } prefix && (damaged is null || damaged.Value.Length == prefix.Length))
        {
            if (prefix.Flag is not (null or 'C' or 'D'))
                conclusions.Add($"its flag is 0x{(int)prefix.Flag.Value:x2}, neither C nor D");
            return (
                prefix.Length,
                prefix.Flag is null or 'D' ? false
                : prefix.Flag is 'C' ? true
                : null,
                prefix.WrittenAt
            );
        }
        if (damaged is { } line)
        {
            conclusions.Add("its ==== line has wrong bits");
            return (line.Length, line.Compressed, line.WrittenAt);
        }
        int end = data[..Math.Min(data.Length, HeadLength)].IndexOf((byte)'\n');
        if (end < 0 || !BeginsADump(data[(end + 1)..]))
            return null;
        conclusions.Add("its ==== line is lost, and a dump is behind it");
        return (end + 1, false, null);
    }

    // Start and size of an intact dump are its end. Where they differ, the one at which the text ends is right.
    private static int EndOfText(ReadOnlySpan<byte> data, int prefix, int used, ZoneHeader header)
    {
        bool start = header.Start > prefix && header.Start <= data.Length;
        bool size = header.Length > prefix && header.Length <= data.Length;
        if (start && (header.Start == used || header.Start == header.Length))
            return (int)header.Start;
        if (size && header.Length == used)
            return (int)header.Length;
        // An earlier, longer dump may be behind it.
        if (start && data[(int)header.Start - 1] == '\n')
            return (int)header.Start;
        if (size && data[(int)header.Length - 1] == '\n')
            return (int)header.Length;
        return used;
    }

    private static void Ends(ZoneHeader header, int end, string what, List<string> conclusions)
    {
        if (header.Start == end && header.Length == end)
            return;
        if (header.Start == end || header.Length == end)
            conclusions.Add(
                $"{what} ends at {end}, as its {(header.Start == end ? "start" : "size")} says: its "
                    + $"{(header.Start == end ? "size" : "start")} is damaged"
            );
        else
            conclusions.Add($"{what} ends at {end}");
    }
}
