using System.IO.Compression;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Decompresses raw deflate, and names the byte at which a stream breaks. Every window is decoded: the whole output is
/// the window, as in a kernel.
/// </summary>
internal static class DeflateDecoder
{
    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    /// <param name="start">Where in the payload the stream begins.</param>
    public static Attempt Decompress(ReadOnlyMemory<byte> payload, int limit, int start = 0)
    {
        using var input = new ByteByByte(payload, start);
        using var inflater = new DeflateStream(input, CompressionMode.Decompress);
        var output = new MemoryStream();
        Span<byte> step = stackalloc byte[512];
        try
        {
            while (true)
            {
                // One byte over the limit shows whether the stream ends at the limit.
                int length = inflater.Read(step[..(int)Math.Min(step.Length, limit - output.Length + 1)]);
                if (length == 0)
                    break;
                output.Write(step[..length]);
                if (output.Length > limit)
                {
                    output.SetLength(limit);
                    return Broken(AttemptEnd.TooLarge, $"more than {limit} bytes would come out");
                }
            }
        }
        catch (InvalidDataException)
        {
            // One byte went in at a time: the last one is the damaged one.
            return Broken(
                AttemptEnd.Damaged,
                $"the stream is damaged at byte {Math.Max(0, input.Given - 1)} of {payload.Length}, after "
                    + $"{output.Length} bytes of text"
            );
        }

        return input.WasAskedForMore
            ? Broken(
                AttemptEnd.Truncated,
                $"the stream does not end within its {payload.Length} bytes, after {output.Length} bytes of text"
            )
            : new Attempt(CompressionMethod.Deflate, Content(), input.Given, AttemptEnd.Proper, null);

        Attempt Broken(AttemptEnd end, string fault) =>
            new(CompressionMethod.Deflate, Content(), input.Given, end, fault);

        ReadOnlyMemory<byte> Content() => output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>
    /// Gives one byte at a time. <see cref="DeflateStream"/> reads ahead, and does not say how far it came.
    /// </summary>
    private sealed class ByteByByte(ReadOnlyMemory<byte> bytes, int start) : Stream
    {
        public int Given { get; private set; } = start;

        public bool WasAskedForMore { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (Given == bytes.Length)
            {
                WasAskedForMore = true;
                return 0;
            }

            buffer[0] = bytes.Span[Given++];
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
