namespace PstoreLab.Records.Compression;

/// <summary>
/// Compresses and decompresses payloads by the methods of pstore (fs/pstore/platform.c, 5.10 to 7.2). LZO needs liblzo2
/// on this machine, and deflate with a narrow window needs zlib; the other methods need no library.
/// </summary>
public static class RecordCompression
{
    /// <summary>
    /// Limit of a decompressed record in bytes, many times the largest useful <c>kmsg_bytes</c>. A payload that
    /// decompresses to more counts as damaged.
    /// </summary>
    public const int MaxDecompressedLength = 4 << 20;

    /// <summary>
    /// Decompresses a payload by the method that makes a dump of it: by the first whose intact output begins with a
    /// dump header, or else by the one that gives the longest dump before the damage. Where no method gives a dump, the
    /// result is the text of the method that got furthest.
    /// </summary>
    /// <remarks>
    /// A kernel expects no header, tries one method alone, and has other limits: <see cref="KernelDecompression"/>.
    /// </remarks>
    /// <param name="payload">The payload without an ECC notice; any bytes are accepted.</param>
    /// <returns>The decompressed bytes, and the fault of a damaged payload. Where LZO is not available, the fault may
    /// name the missing library.</returns>
    public static DecompressedPayload Decompress(ReadOnlyMemory<byte> payload) => Codecs.System.Decompress(payload);

    /// <summary>Compresses content with a kernel's parameters.</summary>
    /// <param name="method">The method; <see cref="CompressionMethod.None"/> copies the content.</param>
    /// <param name="content">The content, with the header of the dump.</param>
    /// <param name="windowBits">Window of deflate, as a power of two of bytes: 11 to 6.5, 15 since 6.6.</param>
    /// <exception cref="NotSupportedException">The library is not on this machine, and the message names it; or the
    /// method is <see cref="CompressionMethod.Unknown"/>.</exception>
    public static byte[] Compress(CompressionMethod method, ReadOnlySpan<byte> content, int windowBits = 15) =>
        Codecs.System.Compress(method, content, windowBits);

    /// <summary>Checks that the library of a method is there.</summary>
    /// <param name="method">Any method.</param>
    /// <returns>A sentence with the missing library and its Debian package; null where nothing is missing.</returns>
    public static string? MissingLibrary(CompressionMethod method) => Codecs.System.MissingLibrary(method);
}
