using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PstoreLab.Records.Compression;

/// <summary>Zstandard: one frame without a dictionary, level 3 (crypto/zstd.c, 4.19 to 6.5).</summary>
internal static class ZstdCodec
{
    private const int Level = 3;
    private const uint Magic = 0xfd2fb528;
    private const int SmallestBuffer = 1 << 16;

    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    public static Attempt Decompress(ReadOnlySpan<byte> payload, int limit)
    {
        // A frame begins with a magic number, unlike the streams of all other methods.
        if (payload.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(payload) != Magic)
            return new(CompressionMethod.Zstd, default, 0, AttemptEnd.Damaged, "no frame begins here");
        using var decompressor = new Decompressor();
        // A frame may ask for a window of 128 MiB, and the decompressor would allocate it.
        decompressor.SetParameter(
            ZSTD_dParameter.ZSTD_d_windowLogMax,
            BitOperations.Log2(RecordCompression.MaxDecompressedLength)
        );
        byte[] output = new byte[(int)Math.Min(limit, Math.Max(SmallestBuffer, 16L * payload.Length))];
        int size = payload.Length;
        int length = 0;
        int given = 0;
        while (true)
        {
            // One byte at a time: a frame that is given whole yields no text at all where any of its blocks is damaged.
            var next = payload.Slice(given, Math.Min(1, size - given));
            var status = decompressor.UnwrapStream(next, output.AsSpan(length), out int consumed, out int written);
            (given, length) = (given + consumed, length + written);
            if (status == OperationStatus.Done)
                return new(CompressionMethod.Zstd, Content(), given, AttemptEnd.Proper, null);
            if (status == OperationStatus.InvalidData)
                return Broken(
                    AttemptEnd.Damaged,
                    $"the frame is damaged at byte {given} of {size} or in the block that ends there, after {length} "
                        + "bytes of text"
                );
            if (consumed + written > 0)
                continue;
            if (length < output.Length)
                return Broken(
                    AttemptEnd.Truncated,
                    $"the frame does not end within its {size} bytes, after {length} bytes of text"
                );
            if (length == limit)
                return Broken(AttemptEnd.TooLarge, $"more than {limit} bytes would come out");
            Array.Resize(ref output, (int)Math.Min(limit, 4L * output.Length));
        }

        Attempt Broken(AttemptEnd end, string fault) => new(CompressionMethod.Zstd, Content(), given, end, fault);

        ReadOnlyMemory<byte> Content() => output.AsMemory(0, length);
    }

    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var compressor = new Compressor(Level);
        return compressor.Wrap(content).ToArray();
    }
}
