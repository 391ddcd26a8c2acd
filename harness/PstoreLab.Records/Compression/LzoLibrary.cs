using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>
/// The functions of liblzo2 2.10 (lzo1x.h) that correspond to those of crypto/lzo.c. No package implements LZO.
/// </summary>
internal static partial class LzoLibrary
{
    public const string Name = "liblzo2.so.2";

    /// <summary>LZO_E_OK.</summary>
    public const int Ok = 0;

    /// <summary>LZO_E_INPUT_OVERRUN: the source ends before the stream does.</summary>
    public const int InputOverrun = -4;

    /// <summary>LZO_E_OUTPUT_OVERRUN: the target is too small.</summary>
    public const int OutputOverrun = -5;

    /// <summary>LZO_E_INPUT_NOT_CONSUMED: bytes follow the end of the stream.</summary>
    public const int InputNotConsumed = -8;

    /// <summary>LZO1X_1_MEM_COMPRESS, in bytes.</summary>
    public static int WorkspaceSize { get; } = 16384 * nint.Size;

    /// <param name="source">The stream.</param>
    /// <param name="sourceLength">Its length, in bytes.</param>
    /// <param name="target">Receives the output.</param>
    /// <param name="targetLength">Room in the target; receives the length of the output, also on failure.</param>
    /// <param name="workspace">Not used.</param>
    [LibraryImport(Name, EntryPoint = "lzo1x_decompress_safe")]
    public static partial int Decompress(
        ReadOnlySpan<byte> source,
        nuint sourceLength,
        Span<byte> target,
        ref nuint targetLength,
        nint workspace
    );

    /// <param name="source">The content.</param>
    /// <param name="sourceLength">Its length, in bytes.</param>
    /// <param name="target">Receives the stream; its room is not checked.</param>
    /// <param name="targetLength">Receives the length of the stream.</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> bytes.</param>
    [LibraryImport(Name, EntryPoint = "lzo1x_1_compress")]
    public static partial int Compress(
        ReadOnlySpan<byte> source,
        nuint sourceLength,
        Span<byte> target,
        ref nuint targetLength,
        Span<byte> workspace
    );
}
