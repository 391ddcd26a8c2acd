using System.Text.Json.Serialization;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Compression methods of pstore (fs/pstore/platform.c, 5.10 to 7.2). No store names its method: the decompressed bytes
/// show it.
/// </summary>
public enum CompressionMethod
{
    /// <summary>Not compressed.</summary>
    None,

    /// <summary>
    /// Raw deflate, to 6.5 with a window of 2 KiB (crypto/deflate.c), since 6.6 of 32 KiB (fs/pstore/platform.c).
    /// </summary>
    Deflate,

    /// <summary>LZO1X-1 without a header, to 6.5 (crypto/lzo.c).</summary>
    Lzo,

    /// <summary>LZ4 block format, of lz4 and lz4hc alike, to 6.5 (crypto/lz4.c and lz4hc.c).</summary>
    Lz4,

    /// <summary>Zstandard, one frame, 4.19 to 6.5 (crypto/zstd.c).</summary>
    Zstd,

    /// <summary>842 as the kernel implements it in software, to 6.5 (lib/842).</summary>
    [JsonStringEnumMemberName("842")]
    Sw842,

    /// <summary>
    /// Deflate in a zlib container (RFC 1950: two bytes before it, an Adler-32 of the text behind it), with a window of
    /// 4 KiB: 3.11 to 4.16 (<c>compress_zlib</c> in fs/pstore/platform.c). Kernels since 4.17 do not decompress it.
    /// </summary>
    Zlib,

    /// <summary>None of these methods yields any text.</summary>
    Unknown,
}
