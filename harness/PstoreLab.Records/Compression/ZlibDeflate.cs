using System.IO.Compression;
using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Raw deflate with a kernel's parameters: the default level and strategy and memory level 8, with a window of 11 bits
/// to 6.5 (crypto/deflate.c) and of 15 since 6.6 (<c>pstore_compress</c> in fs/pstore/platform.c). The BCL knows no
/// other window than 15.
/// </summary>
internal sealed class ZlibDeflate(Func<string, nint> load) : NativeCodec("libz.so.1", "zlib1g", load)
{
    private const int WidestWindow = 15;
    private const int MemoryLevel = 8;
    private const int Finish = 4;
    private const int StreamEnd = 1;

    public override CompressionMethod Method => CompressionMethod.Deflate;

    public byte[] Do(ReadOnlySpan<byte> content, int windowBits)
    {
        if (IsAvailable)
            return Deflate(content.ToArray(), windowBits);
        if (windowBits != WidestWindow)
            throw new NotSupportedException($"a deflate window of {windowBits} bits: {Absence}");
        using var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
            deflater.Write(content);
        // It writes nothing for nothing, where a kernel writes an empty block.
        return output.Length > 0 ? output.ToArray() : [3, 0];
    }

    protected override Attempt Decompress(byte[] payload, int limit) => Inflating.Try(payload, limit);

    protected override byte[] Compress(byte[] content) => Deflate(content, WidestWindow);

    private byte[] Deflate(byte[] content, int windowBits)
    {
        var stream = default(ZStream);
        string version = Marshal.PtrToStringUTF8(Function<Version>("zlibVersion")()) ?? "";
        int result = Function<Init>("deflateInit2_")(
            ref stream,
            -1,
            8,
            -windowBits,
            MemoryLevel,
            0,
            version,
            Marshal.SizeOf<ZStream>()
        );
        if (result != 0)
            throw new NotSupportedException(
                $"zlib does not deflate with a window of {windowBits} bits: error {result}"
            );
        byte[] output = new byte[Function<Bound>("deflateBound")(ref stream, (nuint)content.Length)];
        var source = GCHandle.Alloc(content, GCHandleType.Pinned);
        var target = GCHandle.Alloc(output, GCHandleType.Pinned);
        try
        {
            (stream.NextIn, stream.AvailableIn) = (source.AddrOfPinnedObject(), (uint)content.Length);
            (stream.NextOut, stream.AvailableOut) = (target.AddrOfPinnedObject(), (uint)output.Length);
            result = Function<Run>("deflate")(ref stream, Finish);
            return result == StreamEnd
                ? Cut(output, (long)stream.TotalOut)
                : throw new NotSupportedException($"zlib does not deflate {content.Length} bytes: error {result}");
        }
        finally
        {
            target.Free();
            source.Free();
            Function<End>("deflateEnd")(ref stream);
        }
    }

    /// <summary>z_stream of zlib.h, on a 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ZStream
    {
        public nint NextIn;
        public uint AvailableIn;
        public nuint TotalIn;
        public nint NextOut;
        public uint AvailableOut;
        public nuint TotalOut;
        public nint Message;
        public nint State;
        public nint Allocate;
        public nint Release;
        public nint Opaque;
        public int DataType;
        public nuint Adler;
        public nuint Reserved;
    }

    private delegate nint Version();

    private delegate int Init(
        ref ZStream stream,
        int level,
        int method,
        int windowBits,
        int memoryLevel,
        int strategy,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string version,
        int streamSize
    );

    private delegate nuint Bound(ref ZStream stream, nuint size);

    private delegate int Run(ref ZStream stream, int flush);

    private delegate int End(ref ZStream stream);
}
