namespace PstoreLab.Records.Compression;

/// <summary>All methods, over one way of looking for system libraries.</summary>
internal sealed class Codecs(Func<string, bool> find)
{
    /// <summary>With the libraries of this machine.</summary>
    public static Codecs System { get; } = new(SystemLibrary.Find);

    private readonly SystemLibrary lzo = new(LzoLibrary.Name, "liblzo2-2", find);
    private readonly SystemLibrary zlib = new(ZlibLibrary.Name, "zlib1g", find);

    /// <summary>The most certain first: nearly any bytes begin some block of LZ4.</summary>
    private static readonly CompressionMethod[] InOrderOfCertainty =
    [
        CompressionMethod.Zlib,
        CompressionMethod.Deflate,
        CompressionMethod.Sw842,
        CompressionMethod.Zstd,
        CompressionMethod.Lzo,
        CompressionMethod.Lz4,
    ];

    /// <summary>See <see cref="RecordCompression.Decompress"/>.</summary>
    public DecompressedPayload Decompress(ReadOnlyMemory<byte> payload)
    {
        var attempts = new List<Attempt>();
        foreach (var method in InOrderOfCertainty)
        {
            // Two bytes show it: it is not named among the failures of what is no container.
            if (method == CompressionMethod.Zlib && !ZlibContainer.IsAt(payload.Span))
                continue;
            var attempt = Try(method, payload, RecordCompression.MaxDecompressedLength);
            if (attempt.Ended && IsDump(attempt.Output.Span))
                return ResultOf(attempt, payload.Length, null);
            attempts.Add(attempt);
        }

        // After the complete ones: a short LZO stream is its content behind one byte, and that byte may be a letter.
        // Before the others: plain text may begin a block of LZ4.
        if (IsDump(payload.Span))
            return new DecompressedPayload(CompressionMethod.None, payload, "it is marked as compressed and is not");
        if (attempts.Where(attempt => IsDump(attempt.Output.Span)).MaxBy(attempt => attempt.Output.Length) is { } dump)
            return ResultOf(dump, payload.Length, dump.Fault);
        string outcome = string.Join("; ", attempts.Select(Describe));
        // No header line, but perhaps a part of a log.
        return
            attempts
                .Where(attempt => IsText(attempt.Output.Span))
                .MaxBy(attempt => (long)attempt.Consumed * attempt.Output.Length)
                is { } text
            ? ResultOf(text, payload.Length, $"no dump begins with it ({outcome})")
            : new DecompressedPayload(
                CompressionMethod.Unknown,
                ReadOnlyMemory<byte>.Empty,
                $"no method makes a dump of its {payload.Length} bytes ({outcome})"
            );
    }

    /// <summary>Decompresses with one method.</summary>
    /// <param name="method">Any method but <see cref="CompressionMethod.None"/> and
    /// <see cref="CompressionMethod.Unknown"/>.</param>
    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    /// <exception cref="NotSupportedException">The method is one of these two.</exception>
    public Attempt Try(CompressionMethod method, ReadOnlyMemory<byte> payload, int limit) =>
        method switch
        {
            CompressionMethod.Deflate => DeflateDecoder.Decompress(payload, limit),
            CompressionMethod.Zlib => ZlibContainer.Decompress(payload, limit),
            CompressionMethod.Sw842 => Sw842Decoder.Decompress(payload.Span, limit),
            CompressionMethod.Zstd => ZstdCodec.Decompress(payload.Span, limit),
            CompressionMethod.Lz4 => Lz4Codec.Decompress(payload.Span, limit),
            CompressionMethod.Lzo when lzo.IsPresent => LzoCodec.Decompress(payload.Span, limit),
            CompressionMethod.Lzo => new(method, default, 0, AttemptEnd.Unavailable, lzo.Absence),
            _ => throw NoMethod(method),
        };

    /// <summary>See <see cref="RecordCompression.Compress"/>.</summary>
    public byte[] Compress(CompressionMethod method, ReadOnlySpan<byte> content, int windowBits) =>
        method switch
        {
            CompressionMethod.None => content.ToArray(),
            CompressionMethod.Deflate => DeflateEncoder.Compress(content, windowBits, zlib),
            CompressionMethod.Zlib => ZlibContainer.Compress(content, windowBits, zlib),
            CompressionMethod.Sw842 => Sw842Encoder.Compress(content),
            CompressionMethod.Zstd => ZstdCodec.Compress(content),
            CompressionMethod.Lz4 => Lz4Codec.Compress(content),
            CompressionMethod.Lzo when lzo.IsPresent => LzoCodec.Compress(content),
            CompressionMethod.Lzo => throw new NotSupportedException(lzo.Absence),
            _ => throw NoMethod(method),
        };

    /// <summary>See <see cref="RecordCompression.MissingLibrary"/>.</summary>
    public string? MissingLibrary(CompressionMethod method) =>
        method == CompressionMethod.Lzo && !lzo.IsPresent ? lzo.Absence : null;

    private static NotSupportedException NoMethod(CompressionMethod method) =>
        new($"'{method.Name}' is no compression method of pstore");

    private static DecompressedPayload ResultOf(Attempt attempt, int payload, string? fault) =>
        new(attempt.Method, attempt.Output, fault)
        {
            TrailingBytes = attempt.Ended ? payload - attempt.Consumed : 0,
            ChecksumFailed = attempt.End == AttemptEnd.ChecksumFailed,
        };

    private static string Describe(Attempt attempt) =>
        $"{attempt.Method.Name}: {attempt.Fault ?? $"{attempt.Output.Length} bytes come out"}";

    private static bool IsDump(ReadOnlySpan<byte> bytes) =>
        DumpHeader.TryParse(
            RecordText.FromBytes(bytes[..Math.Min(bytes.Length, MaxHeaderLength)]),
            out var header,
            out _
        ) && Reasons.Contains(header.Reason);

    // DumpHeader accepts any word. Here an extra letter before it belongs to LZO.
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

    // In bytes: the line of pstore_blk, and the header itself.
    private const int MaxHeaderLength = 128;

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        int printable = 0;
        foreach (byte value in bytes)
            printable += value is (>= 0x20 and < 0x7f) or (byte)'\n' or (byte)'\t' ? 1 : 0;
        return bytes.Length >= 16 && printable >= bytes.Length / 10 * 9;
    }
}
