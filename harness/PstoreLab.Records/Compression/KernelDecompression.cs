namespace PstoreLab.Records.Compression;

/// <summary>
/// Predicts how a kernel decompresses a payload marked as compressed (<c>decompress_record</c> in
/// fs/pstore/platform.c, 5.10 to 7.2). A kernel expects no header line, and tries its own method alone. It shows a
/// damaged payload as it is, in a file with <c>.enc.z</c>, and none of the text before the damage.
/// </summary>
/// <remarks>
/// To 6.5 the crypto API decompresses. Any fault is -22. Bytes behind a stream of deflate or 842 are ignored; behind
/// other streams they are a fault. A deflate stream may lack a last byte of 0, because crypto/deflate.c appends one.
/// 842 alone has more errors: -75 for a stream that does not end within the payload, -28 for one that does not end
/// within the buffer (lib/842/842_decompress.c). Since 6.6 zlib decompresses: -3 for a damaged stream, -5 for one that
/// does not end within the payload or the buffer. Bytes behind the stream are ignored.
/// </remarks>
public static class KernelDecompression
{
    /// <summary>
    /// First version with zlib alone, whatever <c>pstore.compress</c> says: 6.6 ("pstore: Replace crypto API
    /// compression with zlib_deflate library calls").
    /// </summary>
    public static Version ZlibOnlySince { get; } = new(6, 6);

    /// <summary>Decompresses a payload as a given kernel does.</summary>
    /// <param name="payload">The payload without an ECC notice.</param>
    /// <param name="reader">Version of the kernel, as major.minor.</param>
    /// <param name="bufferSize">
    /// <c>psinfo->bufsize</c> of the kernel's backend, in bytes; it limits the output. Null where not known: the limit
    /// is <see cref="RecordCompression.MaxDecompressedLength"/>.
    /// </param>
    /// <param name="method">
    /// The kernel's own compression method. Since 6.6 every method means deflate, except
    /// <see cref="CompressionMethod.None"/> for <c>pstore.compress=none</c>. Null for a kernel built without
    /// CONFIG_PSTORE_COMPRESS, which prints no message.
    /// </param>
    /// <param name="content">Content of the file: the decompressed bytes, or else the payload.</param>
    /// <param name="kernelMessage">The kernel message about a payload that is not decompressed, without the prefix
    /// <c>pstore: </c>; null where the kernel prints none.</param>
    /// <returns>Whether the payload is decompressed; if not, the file's name ends with <c>.enc.z</c>.</returns>
    /// <exception cref="NotSupportedException"><paramref name="method"/> needs a library, and it is not on this
    /// machine; the message names it.</exception>
    public static bool TryDecompress(
        ReadOnlyMemory<byte> payload,
        Version reader,
        long? bufferSize,
        CompressionMethod? method,
        out ReadOnlyMemory<byte> content,
        out string? kernelMessage
    )
    {
        content = payload;
        bool zlib = reader >= ZlibOnlySince;
        if (method is null or CompressionMethod.None)
        {
            kernelMessage = method is null ? null : "no decompression method initialized!";
            return false;
        }

        var used = zlib ? CompressionMethod.Deflate : method.Value;
        int limit = (int)
            Math.Clamp(
                bufferSize is { } size ? Room(size, used, zlib) : long.MaxValue,
                0,
                RecordCompression.MaxDecompressedLength
            );
        var attempt = Codecs.System.Try(used, payload, limit);
        if (attempt.End == AttemptEnd.Unavailable)
            throw new NotSupportedException(attempt.Fault);
        // The kernel appends the zero only while its output buffer has room.
        if (
            !zlib
            && used == CompressionMethod.Deflate
            && attempt.End == AttemptEnd.Truncated
            && payload.Length > 0
            && attempt.Output.Length < limit
        )
            attempt = Codecs.System.Try(used, (byte[])[.. payload.Span, 0], limit);
        if (
            attempt.Ended
            && (used is CompressionMethod.Deflate or CompressionMethod.Sw842 || attempt.Consumed == payload.Length)
        )
        {
            content = attempt.Output;
            kernelMessage = null;
            return true;
        }

        kernelMessage = zlib
            ? $"zlib_inflate() failed, ret = {(attempt.End == AttemptEnd.Damaged ? -3 : -5)}!"
            : $"crypto_comp_decompress failed, ret = {CryptoError(attempt)}!";
        return false;
    }

    private static int CryptoError(Attempt attempt) =>
        (attempt.Method, attempt.End) switch
        {
            (CompressionMethod.Sw842, AttemptEnd.Truncated) => -75,
            (CompressionMethod.Sw842, AttemptEnd.TooLarge) => -28,
            _ => -22,
        };

    /// <summary>
    /// Limit of the output in bytes: <c>big_oops_buf_sz</c> to 6.5, by the method's <c>zbufsize</c>; three buffers
    /// since 6.6.
    /// </summary>
    private static long Room(long size, CompressionMethod method, bool zlib) =>
        (method, zlib) switch
        {
            (_, true) => Math.Min(size, RecordCompression.MaxDecompressedLength) * 3,
            (CompressionMethod.Deflate, _) => Math.Min(size, RecordCompression.MaxDecompressedLength)
                * 100
                / size switch
                {
                    >= 1000 and <= 2000 => 56,
                    > 2000 and <= 3000 => 54,
                    > 3000 and < 4000 => 52,
                    >= 4000 and <= 10000 => 45,
                    _ => 60,
                },
            // The longest output for content that does not compress: lzo1x_worst_compress, LZ4_compressBound,
            // ZSTD_compressBound.
            (CompressionMethod.Lzo, _) => size + (size / 16) + 64 + 3 + 2,
            (CompressionMethod.Lz4, _) => size + (size / 255) + 16,
            (CompressionMethod.Zstd, _) => size + (size >> 8) + (size < 128 << 10 ? ((128 << 10) - size) >> 11 : 0),
            // For 842 it is the size itself: content that grows is stored uncompressed.
            _ => size,
        };
}
