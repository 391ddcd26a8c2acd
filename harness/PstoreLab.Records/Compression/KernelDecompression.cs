namespace PstoreLab.Records.Compression;

/// <summary>
/// What a kernel makes of a payload that is marked as compressed (<c>decompress_record</c> in fs/pstore/platform.c). It
/// looks for no header line, tries only the method that it compresses with itself, and gives a broken record up whole:
/// it shows the payload as <c>.enc.z</c>.
/// </summary>
/// <remarks>
/// To 6.5 the crypto API does it: -22 whatever is wrong; bytes after a stream of deflate or 842 are passed over, after
/// any other they are an error; and a deflate stream that lacks a last byte of 0 is accepted, for crypto/deflate.c
/// feeds one to it. 842 alone says what is wrong: -75 for a stream that does not end within the payload, -28 for one
/// that does not end within the buffer (lib/842/842_decompress.c). Since 6.6 zlib does it: -3 for a damaged stream, -5
/// for one that does not end within the payload or not within the buffer; bytes after the stream are passed over.
/// </remarks>
public static class KernelDecompression
{
    /// <summary>
    /// From here on zlib alone, whatever <c>pstore.compress</c> says ("pstore: Replace crypto API compression with
    /// zlib_deflate library calls").
    /// </summary>
    public static Version ZlibOnlySince { get; } = new(6, 6);

    /// <param name="payload">Without an ECC notice.</param>
    /// <param name="reader">As major.minor.</param>
    /// <param name="bufferSize">
    /// <c>psinfo->bufsize</c> of the reader's backend, in bytes, which limits how much may come out; null when it is
    /// not known, for no limit but <see cref="RecordCompression.MaxDecompressedLength"/>.
    /// </param>
    /// <param name="method">
    /// What the reader compresses with, only to 6.5 a choice: <see cref="CompressionMethod.None"/> where that is
    /// nothing; null where it was built without compression (no <c>CONFIG_PSTORE_COMPRESS</c>), which keeps it from
    /// complaining.
    /// </param>
    /// <param name="content">What it shows, uncompressed; the payload itself where it shows that.</param>
    /// <param name="kernelMessage">What it prints when it gives up; null when it does not.</param>
    /// <returns>True when the record is shown uncompressed, false when as <c>.enc.z</c>.</returns>
    /// <exception cref="NotSupportedException"><paramref name="method"/> needs a library that is not on this machine;
    /// names it.</exception>
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
        // The zero goes in only where the output buffer has room left.
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
    /// How much may come out: <c>big_oops_buf_sz</c> to 6.5, by the method's <c>zbufsize</c>; three buffers since 6.6.
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
            // The worst case of each for content that does not compress: lzo1x_worst_compress, LZ4_compressBound,
            // ZSTD_compressBound.
            (CompressionMethod.Lzo, _) => size + (size / 16) + 64 + 3 + 2,
            (CompressionMethod.Lz4, _) => size + (size / 255) + 16,
            (CompressionMethod.Zstd, _) => size + (size >> 8) + (size < 128 << 10 ? ((128 << 10) - size) >> 11 : 0),
            // 842's is size itself: what grows is not stored compressed.
            _ => size,
        };
}
