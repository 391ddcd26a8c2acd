namespace PstoreLab.Records.Compression;

/// <summary>A payload with its compression undone.</summary>
/// <param name="Bytes">What came out: all of it, or as much as there was before <paramref name="Fault"/>.</param>
/// <param name="Fault">Why it is not whole; null when it is.</param>
public sealed record DecompressedPayload(CompressionMethod Method, ReadOnlyMemory<byte> Bytes, string? Fault)
{
    public bool IsComplete => Fault is null;

    /// <summary>
    /// How many bytes of the payload lie behind the end of the compressed stream. A kernel passes over them after
    /// deflate and 842; after any other method it gives the record up. See <see cref="KernelDecompression"/>.
    /// </summary>
    public int TrailingBytes { get; init; }

    /// <summary>A payload that was not compressed.</summary>
    public static DecompressedPayload Plain(ReadOnlyMemory<byte> bytes) => new(CompressionMethod.None, bytes, null);
}
