using System.Text.Json.Serialization;

namespace PstoreLab.Records.Compression;

/// <summary>What pstore compresses with. No store says which: it is told from what comes out.</summary>
public enum CompressionMethod
{
    /// <summary>Not compressed.</summary>
    None,

    /// <summary>
    /// Raw deflate. To 6.5 with a window of 2 KiB (crypto/deflate.c), since 6.6 of 32 KiB (fs/pstore/platform.c).
    /// </summary>
    Deflate,

    /// <summary>LZO1X-1, to 6.5.</summary>
    Lzo,

    /// <summary>LZ4 block format, which lz4hc writes too; to 6.5.</summary>
    Lz4,

    /// <summary>Zstandard, one frame; 4.19 to 6.5.</summary>
    Zstd,

    /// <summary>842 as the kernel does it in software (lib/842), to 6.5. It needs no library.</summary>
    [JsonStringEnumMemberName("842")]
    Sw842,

    /// <summary>None of them.</summary>
    Unknown,
}
