using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>
/// LZ4's block format, in which nothing says how long the content is (crypto/lz4.c and lz4hc.c, 4.7 to 6.5).
/// </summary>
internal sealed class Lz4Codec(Func<string, nint> load) : NativeCodec("liblz4.so.1", "liblz4-1", load)
{
    public override CompressionMethod Method => CompressionMethod.Lz4;

    protected override Attempt Decompress(byte[] payload, int limit)
    {
        var decompress = Function<SafeDecompress>("LZ4_decompress_safe");
        byte[] output = [];
        int result = 0;
        // A full buffer and damage look the same to LZ4; no input makes more than 255 times its own length.
        foreach (
            int room in Rooms(
                (int)Math.Min(limit, 16L * payload.Length),
                (int)Math.Min(limit, 255L * payload.Length + 16)
            )
        )
        {
            output = new byte[room];
            result = decompress(payload, output, payload.Length, output.Length);
            if (result >= 0)
                return Done(output, result, payload.Length);
        }

        // -1 - the position; what was decoded up to there lies in the buffer, and nothing says how much that is: its
        // zeros do.
        int at = (int)Math.Clamp(-1L - result, 0, payload.Length);
        int length = output.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return Broken(
            AttemptEnd.Damaged,
            output,
            length,
            at,
            $"the block is damaged at byte {at} of {payload.Length}, after about {length} bytes of text"
        );
    }

    protected override byte[] Compress(byte[] content)
    {
        byte[] output = new byte[Function<Bound>("LZ4_compressBound")(content.Length)];
        int length = Function<CompressDefault>("LZ4_compress_default")(content, output, content.Length, output.Length);
        return length > 0
            ? Cut(output, length)
            : throw new NotSupportedException($"LZ4 does not compress {content.Length} bytes");
    }

    private delegate int SafeDecompress([In] byte[] source, [Out] byte[] target, int sourceSize, int targetSize);

    private delegate int Bound(int size);

    private delegate int CompressDefault([In] byte[] source, [Out] byte[] target, int sourceSize, int targetSize);
}
