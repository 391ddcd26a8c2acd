namespace PstoreLab.Records.Compression;

/// <summary>The methods over one way of finding libraries.</summary>
internal sealed class Codecs(Func<string, nint> load)
{
    /// <summary>From this machine's libraries.</summary>
    public static Codecs System { get; } = new(NativeCodec.LoadFromSystem);

    private readonly ZlibDeflate deflate = new(load);

    /// <summary>Those that need a library to undo them, the surest first: any bytes begin some LZ4 block.</summary>
    private readonly NativeCodec[] others = [new ZstdCodec(load), new LzoCodec(load), new Lz4Codec(load)];

    /// <summary>See <see cref="RecordCompression.Decompress"/>.</summary>
    public DecompressedPayload Decompress(ReadOnlyMemory<byte> payload)
    {
        var attempts = new List<Attempt>();
        foreach (
            var method in (CompressionMethod[])
                [CompressionMethod.Deflate, CompressionMethod.Sw842, .. others.Select(codec => codec.Method)]
        )
        {
            var attempt = Try(method, payload, RecordCompression.MaxDecompressedLength);
            if (attempt.Ended && IsDump(attempt.Output.Span))
                return Given(attempt, payload.Length, null);
            attempts.Add(attempt);
        }

        // After those that are whole: a short LZO stream is its content behind one byte, and that may be a letter.
        // Before those that are not: plain text may begin a block of LZ4.
        if (IsDump(payload.Span))
            return new DecompressedPayload(CompressionMethod.None, payload, "it is marked as compressed and is not");
        if (attempts.Where(attempt => IsDump(attempt.Output.Span)).MaxBy(attempt => attempt.Output.Length) is { } dump)
            return Given(dump, payload.Length, dump.Fault);
        string outcome = string.Join("; ", attempts.Select(Describe));
        // Not a header, but something that a log may have been.
        return
            attempts
                .Where(attempt => IsText(attempt.Output.Span))
                .MaxBy(attempt => (long)attempt.Consumed * attempt.Output.Length)
                is { } text
            ? Given(text, payload.Length, $"no dump begins with it ({outcome})")
            : new DecompressedPayload(
                CompressionMethod.Unknown,
                ReadOnlyMemory<byte>.Empty,
                $"no method makes a dump of its {payload.Length} bytes ({outcome})"
            );
    }

    /// <summary>One method alone.</summary>
    public Attempt Try(CompressionMethod method, ReadOnlyMemory<byte> payload, int limit) =>
        method switch
        {
            CompressionMethod.Deflate => Inflating.Try(payload, limit),
            CompressionMethod.Sw842 => Sw842Decoder.Try(payload.Span, limit),
            _ => Other(method).Try(payload.Span, limit),
        };

    /// <summary>See <see cref="RecordCompression.Compress"/>.</summary>
    public byte[] Compress(CompressionMethod method, ReadOnlySpan<byte> content, int windowBits) =>
        method switch
        {
            CompressionMethod.None => content.ToArray(),
            CompressionMethod.Deflate => deflate.Do(content, windowBits),
            CompressionMethod.Sw842 => Sw842Encoder.Do(content),
            _ => Other(method).Do(content),
        };

    public bool IsAvailable(CompressionMethod method) =>
        method is CompressionMethod.None or CompressionMethod.Deflate or CompressionMethod.Sw842
        || others.Any(codec => codec.Method == method && codec.IsAvailable);

    /// <summary>See <see cref="RecordCompression.MissingLibrary"/>.</summary>
    public string? MissingLibrary(CompressionMethod method) =>
        others.FirstOrDefault(codec => codec.Method == method && !codec.IsAvailable)?.Absence;

    private NativeCodec Other(CompressionMethod method) =>
        others.FirstOrDefault(codec => codec.Method == method)
        ?? throw new NotSupportedException($"there is no way to do or undo the compression {method.Name}");

    private static DecompressedPayload Given(Attempt attempt, int payload, string? fault) =>
        new(attempt.Method, attempt.Output, fault) { TrailingBytes = attempt.Ended ? payload - attempt.Consumed : 0 };

    private static string Describe(Attempt attempt) =>
        $"{attempt.Method.Name}: {attempt.Fault ?? $"{attempt.Output.Length} bytes come out"}";

    private static bool IsDump(ReadOnlySpan<byte> bytes) =>
        DumpHeader.TryParse(RecordText.FromBytes(bytes[..Math.Min(bytes.Length, LongestHeader)]), out var header, out _)
        && Reasons.Contains(header.Reason);

    // Any word would do for a header; here a letter more is one of LZO's.
    private static readonly string[] Reasons =
    [
        DumpReason.Panic,
        DumpReason.Oops,
        DumpReason.Emergency,
        DumpReason.Shutdown,
        DumpReason.Restart,
        DumpReason.Halt,
        DumpReason.Poweroff,
        DumpReason.Unknown,
    ];

    // Two lines of pstore_blk and pstore.
    private const int LongestHeader = 128;

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        int printable = 0;
        foreach (byte value in bytes)
            printable += value is (>= 0x20 and < 0x7f) or (byte)'\n' or (byte)'\t' ? 1 : 0;
        return bytes.Length >= 16 && printable >= bytes.Length / 10 * 9;
    }
}
