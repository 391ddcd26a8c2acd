using K4os.Compression.LZ4;

namespace PstoreLab.Records.Compression;

/// <summary>
/// LZ4's block format, without the length of the content (crypto/lz4.c and lz4hc.c, 4.7 to 6.5).
/// </summary>
internal static class Lz4Codec
{
    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    public static Attempt Decompress(ReadOnlySpan<byte> payload, int limit)
    {
        // A token without literals, and nothing else: the library takes the block of an empty content for damage.
        if (payload is [< 0x10])
            return new(CompressionMethod.Lz4, default, payload.Length, AttemptEnd.Proper, null);
        // No byte of a block yields more than 255 bytes, beside the few of its first token.
        byte[] output = new byte[(int)Math.Min(limit, (255L * payload.Length) + 16)];
        int length = payload.IsEmpty ? -1 : LZ4Codec.Decode(payload, output);
        if (length >= 0)
            return new(CompressionMethod.Lz4, output.AsMemory(0, length), payload.Length, AttemptEnd.Proper, null);

        length = TextLength(payload, output);
        int place = TextEnd(payload, output.AsSpan(0, length));
        var text = output.AsMemory(0, length);
        return length == limit
            ? new(CompressionMethod.Lz4, text, place, AttemptEnd.TooLarge, $"more than {limit} bytes would come out")
            : new(
                CompressionMethod.Lz4,
                text,
                place,
                AttemptEnd.Damaged,
                $"the block is damaged near byte {place} of {payload.Length}, after {length} bytes of text"
            );
    }

    /// <exception cref="NotSupportedException">The library reports an error.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return [0];
        byte[] output = new byte[LZ4Codec.MaximumOutputSize(content.Length)];
        int length = LZ4Codec.Encode(content, output);
        return length > 0
            ? output[..length]
            : throw new NotSupportedException($"LZ4 does not compress {content.Length} bytes");
    }

    /// <summary>Searches for the longest text that a damaged block gives.</summary>
    /// <remarks>
    /// K4os.Compression.LZ4 1.3.8 reports damage, but neither its place nor the text before it. Partial decoding finds
    /// both. Measured on 26,556 blocks with a flipped bit, an altered byte or a cut, against a decoder that stops at
    /// the damage: the text is equally long, except for 17 bytes of 3,020 where a block was cut. liblz4 1.9.4 names the
    /// place, but not the end of the text: in 96 % of these blocks it left garbage behind the text.
    /// </remarks>
    private static int TextLength(ReadOnlySpan<byte> payload, byte[] output)
    {
        int low = 0;
        int high = output.Length;
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            if (LZ4Codec.PartialDecode(payload, output.AsSpan(0, middle)) == middle)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Searches for the shortest beginning of the block that gives all of the text.</summary>
    /// <param name="payload">The block.</param>
    /// <param name="text">Receives the text.</param>
    private static int TextEnd(ReadOnlySpan<byte> payload, Span<byte> text)
    {
        int low = 0;
        int high = text.IsEmpty ? 0 : payload.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (LZ4Codec.PartialDecode(payload[..middle], text) == text.Length)
                high = middle;
            else
                low = middle + 1;
        }

        // Shorter beginnings left their own output.
        LZ4Codec.PartialDecode(payload, text);
        return low;
    }
}
