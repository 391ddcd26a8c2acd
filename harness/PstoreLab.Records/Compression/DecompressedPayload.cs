namespace PstoreLab.Records.Compression;

/// <summary>Result of decompressing a payload.</summary>
/// <param name="Method">The method that decompressed it; <see cref="CompressionMethod.None"/> for a payload that is not
/// compressed, <see cref="CompressionMethod.Unknown"/> where no method yields any text.</param>
/// <param name="Bytes">The decompressed bytes; those before the damage where there is a
/// <paramref name="Fault"/>.</param>
/// <param name="Fault">Place and kind of the damage, a sentence without a full stop; null for an intact
/// payload.</param>
public sealed record DecompressedPayload(CompressionMethod Method, ReadOnlyMemory<byte> Bytes, string? Fault)
{
    /// <summary>Whether the payload is intact.</summary>
    public bool IsComplete => Fault is null;

    /// <summary>
    /// Whether all of it was decompressed and its checksum does not match: some of the bytes are wrong, and no others
    /// are missing.
    /// </summary>
    public bool ChecksumFailed { get; init; }

    /// <summary>
    /// Number of payload bytes behind the end of the compressed stream. A kernel ignores them behind deflate and 842;
    /// behind the stream of any other method it rejects the record. See <see cref="KernelDecompression"/>.
    /// </summary>
    public int TrailingBytes { get; init; }

    /// <summary>Makes the result for a payload that is not compressed.</summary>
    /// <param name="bytes">The payload.</param>
    public static DecompressedPayload Plain(ReadOnlyMemory<byte> bytes) => new(CompressionMethod.None, bytes, null);
}
