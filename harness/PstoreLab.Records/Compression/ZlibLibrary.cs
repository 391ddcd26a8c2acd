using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Compression in one call by zlib 1.2.13 (zlib.h). <c>System.IO.Compression</c> of .NET 10 has no choice of the
/// window.
/// </summary>
internal static unsafe partial class ZlibLibrary
{
    public const string Name = "libz.so.1";

    private const int DefaultCompression = -1;
    private const int Deflated = 8;
    private const int DefaultStrategy = 0;
    private const int Finish = 4;
    private const int Ok = 0;
    private const int StreamEnd = 1;

    /// <summary>Compresses to raw deflate, without header and checksum.</summary>
    /// <param name="content">Any bytes.</param>
    /// <param name="windowBits">Window as a power of two of bytes, 8 to 15.</param>
    /// <param name="memoryLevel">1 to 9, memLevel of deflateInit2.</param>
    /// <exception cref="NotSupportedException">zlib reports an error.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> content, int windowBits, int memoryLevel)
    {
        var stream = default(ZStream);
        // A negative window means raw deflate.
        int result = DeflateInit2(
            &stream,
            DefaultCompression,
            Deflated,
            -windowBits,
            memoryLevel,
            DefaultStrategy,
            ZlibVersion(),
            sizeof(ZStream)
        );
        if (result != Ok)
            throw new NotSupportedException(
                $"zlib does not deflate with a window of {windowBits} bits: error {result}"
            );
        try
        {
            byte[] output = new byte[DeflateBound(&stream, (nuint)content.Length)];
            fixed (byte* source = content)
            fixed (byte* target = output)
            {
                stream.NextIn = source;
                stream.AvailableIn = (uint)content.Length;
                stream.NextOut = target;
                stream.AvailableOut = (uint)output.Length;
                result = Deflate(&stream, Finish);
            }

            return result == StreamEnd
                ? output[..(int)stream.TotalOut]
                : throw new NotSupportedException($"zlib does not deflate {content.Length} bytes: error {result}");
        }
        finally
        {
            _ = DeflateEnd(&stream);
        }
    }

    /// <summary>z_stream of zlib.h, on a 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ZStream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public nuint TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public nuint TotalOut;
        public byte* Message;
        public nint State;
        public nint Allocate;
        public nint Release;
        public nint Opaque;
        public int DataType;
        public nuint Adler;
        public nuint Reserved;
    }

    [LibraryImport(Name, EntryPoint = "zlibVersion")]
    private static partial byte* ZlibVersion();

    [LibraryImport(Name, EntryPoint = "deflateInit2_")]
    private static partial int DeflateInit2(
        ZStream* stream,
        int level,
        int method,
        int windowBits,
        int memoryLevel,
        int strategy,
        byte* version,
        int streamSize
    );

    [LibraryImport(Name, EntryPoint = "deflateBound")]
    private static partial nuint DeflateBound(ZStream* stream, nuint sourceLength);

    [LibraryImport(Name, EntryPoint = "deflate")]
    private static partial int Deflate(ZStream* stream, int flush);

    [LibraryImport(Name, EntryPoint = "deflateEnd")]
    private static partial int DeflateEnd(ZStream* stream);
}
