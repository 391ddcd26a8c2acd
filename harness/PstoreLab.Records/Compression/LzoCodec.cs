namespace PstoreLab.Records.Compression;

/// <summary>LZO1X-1 without any header (crypto/lzo.c, to 6.5), by liblzo2.</summary>
internal static class LzoCodec
{
    private const int SmallestBuffer = 1 << 12;

    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    public static Attempt Decompress(ReadOnlySpan<byte> payload, int limit)
    {
        // Few streams need all of the limit, and a buffer of 4 MiB costs more than most of them.
        int room = (int)Math.Min(limit, Math.Max(SmallestBuffer, 16L * payload.Length));
        byte[] output = new byte[room];
        int result = Decompress(payload, output, out int length);
        if (result == LzoLibrary.OutputOverrun && room < limit)
        {
            output = new byte[limit];
            result = Decompress(payload, output, out length);
        }

        var content = output.AsMemory(0, length);
        int size = payload.Length;
        return result switch
        {
            LzoLibrary.Ok => new(CompressionMethod.Lzo, content, payload.Length, AttemptEnd.Proper, null),
            LzoLibrary.InputNotConsumed => new(
                CompressionMethod.Lzo,
                content,
                payload.Length - 1,
                AttemptEnd.Proper,
                null
            ),
            LzoLibrary.InputOverrun => Broken(
                AttemptEnd.Truncated,
                $"the stream does not end within its {payload.Length} bytes, after {length} bytes of text"
            ),
            LzoLibrary.OutputOverrun => Broken(AttemptEnd.TooLarge, $"more than {limit} bytes would come out"),
            _ => Broken(AttemptEnd.Damaged, $"the stream is damaged after {length} bytes of text (LZO error {result})"),
        };

        // liblzo2 does not say where in the payload it broke off.
        Attempt Broken(AttemptEnd end, string fault) => new(CompressionMethod.Lzo, content, size, end, fault);
    }

    /// <exception cref="NotSupportedException">liblzo2 reports an error.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        // The longest output for content that does not compress, by the LZO documentation.
        byte[] output = new byte[content.Length + (content.Length / 16) + 64 + 3];
        nuint length = (nuint)output.Length;
        int result = LzoLibrary.Compress(
            content,
            (nuint)content.Length,
            output,
            ref length,
            new byte[LzoLibrary.WorkspaceSize]
        );
        return result == LzoLibrary.Ok
            ? output[..(int)length]
            : throw new NotSupportedException($"LZO does not compress {content.Length} bytes: error {result}");
    }

    /// <param name="payload">Any bytes.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="length">Length of the text in bytes, also of a broken stream.</param>
    private static int Decompress(ReadOnlySpan<byte> payload, byte[] output, out int length)
    {
        nuint written = (nuint)output.Length;
        int result = LzoLibrary.Decompress(payload, (nuint)payload.Length, output, ref written, 0);
        length = (int)Math.Min(written, (nuint)output.Length);
        return result;
    }
}
