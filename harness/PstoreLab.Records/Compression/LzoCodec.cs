using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>LZO1X-1 without any header (crypto/lzo.c, to 6.5).</summary>
internal sealed class LzoCodec(Func<string, nint> load) : NativeCodec("liblzo2.so.2", "liblzo2-2", load)
{
    private const int InputOverrun = -4;
    private const int OutputOverrun = -5;
    private const int InputNotConsumed = -8;

    public override CompressionMethod Method => CompressionMethod.Lzo;

    protected override Attempt Decompress(byte[] payload, int limit)
    {
        var decompress = Function<SafeDecompress>("lzo1x_decompress_safe");
        byte[] output = [];
        nuint length = 0;
        int result = OutputOverrun;
        foreach (int room in Rooms((int)Math.Min(limit, 16L * payload.Length), limit))
        {
            output = new byte[room];
            length = (nuint)room;
            result = decompress(payload, (nuint)payload.Length, output, ref length, 0);
            if (result != OutputOverrun)
                break;
        }

        // The length is told on failure too.
        return result switch
        {
            0 => Done(output, (long)length, payload.Length),
            InputNotConsumed => Done(output, (long)length, payload.Length - 1),
            InputOverrun => Broken(
                AttemptEnd.Truncated,
                output,
                (long)length,
                payload.Length,
                $"the stream does not end within its {payload.Length} bytes, after {length} bytes of text"
            ),
            OutputOverrun => Broken(
                AttemptEnd.TooLarge,
                output,
                (long)length,
                payload.Length,
                $"more than {limit} bytes would come out"
            ),
            _ => Broken(
                AttemptEnd.Damaged,
                output,
                (long)length,
                payload.Length,
                $"the stream is damaged after {length} bytes of text (LZO error {result})"
            ),
        };
    }

    protected override byte[] Compress(byte[] content)
    {
        byte[] output = new byte[content.Length + (content.Length / 16) + 64 + 3];
        byte[] workspace = new byte[16384 * nint.Size];
        nuint length = (nuint)output.Length;
        int result = Function<CompressOnce>("lzo1x_1_compress")(
            content,
            (nuint)content.Length,
            output,
            ref length,
            workspace
        );
        return result == 0
            ? Cut(output, (long)length)
            : throw new NotSupportedException($"LZO does not compress {content.Length} bytes: error {result}");
    }

    private delegate int SafeDecompress(
        [In] byte[] source,
        nuint sourceSize,
        [Out] byte[] target,
        ref nuint targetSize,
        nint workspace
    );

    private delegate int CompressOnce(
        [In] byte[] source,
        nuint sourceSize,
        [Out] byte[] target,
        ref nuint targetSize,
        [In] byte[] workspace
    );
}
