using System.IO.Compression;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Compresses to raw deflate with a kernel's parameters: default level and strategy, memory level 8, and a window of 11
/// bits to 6.5 (crypto/deflate.c) or of 15 bits since 6.6 (<c>pstore_compress</c> in fs/pstore/platform.c).
/// </summary>
internal static class DeflateEncoder
{
    /// <summary>The window of <see cref="DeflateStream"/>, in bits.</summary>
    public const int WidestWindow = 15;

    private const int MemoryLevel = 8;

    /// <param name="content">Any bytes.</param>
    /// <param name="windowBits">8 to 15.</param>
    /// <param name="zlib">The system's zlib. Without it the widest window alone is there.</param>
    /// <exception cref="NotSupportedException">This window needs zlib, and it is not on this machine.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> content, int windowBits, SystemLibrary zlib)
    {
        if (zlib.IsPresent)
            return ZlibLibrary.Compress(content, windowBits, MemoryLevel);
        if (windowBits != WidestWindow)
            throw new NotSupportedException($"a deflate window of {windowBits} bits: {zlib.Absence}");
        using var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
            deflater.Write(content);
        // DeflateStream writes nothing for nothing. A kernel writes an empty block.
        return output.Length > 0 ? output.ToArray() : [3, 0];
    }
}
