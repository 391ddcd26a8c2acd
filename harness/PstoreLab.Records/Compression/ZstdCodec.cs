using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>Zstandard, one frame without a dictionary, level 3 (crypto/zstd.c, 4.19 to 6.5).</summary>
internal sealed class ZstdCodec(Func<string, nint> load) : NativeCodec("libzstd.so.1", "libzstd1", load)
{
    private const int Level = 3;
    private const uint Magic = 0xfd2fb528;

    public override CompressionMethod Method => CompressionMethod.Zstd;

    /// <summary>A frame says what it is; none of the other methods does.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> payload) =>
        payload.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(payload) == Magic;

    protected override Attempt Decompress(byte[] payload, int limit)
    {
        if (!IsFrame(payload))
            return Broken(AttemptEnd.Damaged, [], 0, 0, "no frame begins here");
        nint context = Function<Create>("ZSTD_createDCtx")();
        var source = GCHandle.Alloc(payload, GCHandleType.Pinned);
        byte[] output = new byte[Math.Min(limit, Math.Max(1 << 16, 16 * payload.Length))];
        try
        {
            var input = new ZstdBuffer { Start = source.AddrOfPinnedObject(), Size = (nuint)payload.Length };
            nuint length = 0;
            while (true)
            {
                nuint result = Step(context, output, ref length, ref input);
                if (Function<IsError>("ZSTD_isError")(result) != 0)
                {
                    string reason = Marshal.PtrToStringUTF8(Function<ErrorName>("ZSTD_getErrorName")(result)) ?? "";
                    return Broken(
                        AttemptEnd.Damaged,
                        output,
                        (long)length,
                        (int)input.Position,
                        $"the frame is damaged at byte {input.Position} of {payload.Length}, after {length} "
                            + $"bytes of text ({reason})"
                    );
                }

                if (result == 0)
                    return Done(output, (long)length, (int)input.Position);
                if (length < (nuint)output.Length)
                    return Broken(
                        AttemptEnd.Truncated,
                        output,
                        (long)length,
                        payload.Length,
                        $"the frame does not end within its {payload.Length} bytes, after {length} bytes of text"
                    );
                if (output.Length == limit)
                    return Broken(
                        AttemptEnd.TooLarge,
                        output,
                        (long)length,
                        (int)input.Position,
                        $"more than {limit} bytes would come out"
                    );
                Array.Resize(ref output, (int)Math.Min(limit, 4L * output.Length));
            }
        }
        finally
        {
            source.Free();
            Function<Free>("ZSTD_freeDCtx")(context);
        }
    }

    protected override byte[] Compress(byte[] content)
    {
        byte[] output = new byte[Function<Bound>("ZSTD_compressBound")((nuint)content.Length)];
        nuint length = Function<CompressOnce>("ZSTD_compress")(
            output,
            (nuint)output.Length,
            content,
            (nuint)content.Length,
            Level
        );
        return length <= (nuint)output.Length
            ? Cut(output, (long)length)
            : throw new NotSupportedException($"zstd does not compress {content.Length} bytes");
    }

    private nuint Step(nint context, byte[] output, ref nuint length, ref ZstdBuffer input)
    {
        var pinned = GCHandle.Alloc(output, GCHandleType.Pinned);
        try
        {
            var target = new ZstdBuffer
            {
                Start = pinned.AddrOfPinnedObject(),
                Size = (nuint)output.Length,
                Position = length,
            };
            nuint result = Function<DecompressStream>("ZSTD_decompressStream")(context, ref target, ref input);
            length = target.Position;
            return result;
        }
        finally
        {
            pinned.Free();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ZstdBuffer
    {
        public nint Start;
        public nuint Size;
        public nuint Position;
    }

    private delegate nint Create();

    private delegate nuint Free(nint context);

    private delegate nuint DecompressStream(nint context, ref ZstdBuffer output, ref ZstdBuffer input);

    private delegate uint IsError(nuint code);

    private delegate nint ErrorName(nuint code);

    private delegate nuint Bound(nuint size);

    private delegate nuint CompressOnce(
        [Out] byte[] target,
        nuint targetSize,
        [In] byte[] source,
        nuint sourceSize,
        int level
    );
}
