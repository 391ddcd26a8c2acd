namespace PstoreLab.Records.Compression;

/// <summary>
/// Undoes and does what fs/pstore/platform.c compresses with. Deflate and 842 need nothing; zstd, LZ4 and LZO are
/// undone by the system's own libraries, and where one is missing the fault names the package.
/// </summary>
public static class RecordCompression
{
    /// <summary>
    /// No record is larger uncompressed: many times the largest <c>kmsg_bytes</c> that is of use. What claims to be is
    /// damaged.
    /// </summary>
    public const int MaxDecompressedLength = 4 << 20;

    /// <summary>
    /// Tries every method; the one that makes a dump (its header line can be read) of it wins. Where none does, the one
    /// that got furthest is given with its fault; where none made any text of it,
    /// <see cref="CompressionMethod.Unknown"/> with nothing.
    /// </summary>
    /// <remarks>
    /// A kernel looks for no header line, and it has limits of its own: <see cref="KernelDecompression"/>.
    /// </remarks>
    public static DecompressedPayload Decompress(ReadOnlyMemory<byte> payload) => Codecs.System.Decompress(payload);

    /// <summary>Compresses the way a kernel does.</summary>
    /// <param name="windowBits">For deflate: 11 as to 6.5, 15 as since 6.6.</param>
    /// <exception cref="NotSupportedException">The library is not on this machine; names it.</exception>
    public static byte[] Compress(CompressionMethod method, ReadOnlySpan<byte> content, int windowBits = 15) =>
        Codecs.System.Compress(method, content, windowBits);

    /// <summary>
    /// Why a method cannot be done or undone here, with the library and the package that has it; null when it can.
    /// </summary>
    public static string? MissingLibrary(CompressionMethod method) => Codecs.System.MissingLibrary(method);
}
