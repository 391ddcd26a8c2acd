using PstoreLab.Records.Compression;

namespace PstoreLab.Records.Tests.Compression;

public class Lz4CodecTests
{
    private const int Limit = RecordCompression.MaxDecompressedLength;

    // In bytes: the decoder checks a sequence with some room before the end of the block.
    private const int Margin = 16;

    [Test]
    public void The_text_before_the_damage_is_the_beginning_of_the_log([Range(0, 19)] int seed)
    {
        byte[] log = RecordCompressionTests.Log(new Random(seed), 60);
        byte[] block = Lz4Codec.Compress(log);
        int place = BreakAnOffset(block, log, block.Length / 2);
        var attempt = Lz4Codec.Decompress(block, Limit);
        Assert.That(attempt.End, Is.EqualTo(AttemptEnd.Damaged));
        Assert.That(attempt.Output.Span.CommonPrefixLength(log), Is.EqualTo(attempt.Output.Length), "no other byte");
        Assert.That(attempt.Output.Length, Is.GreaterThan(log.Length / 4));
        Assert.That(attempt.Consumed, Is.EqualTo(place).Within(Margin));
        Assert.That(
            attempt.Fault,
            Is.EqualTo(
                $"the block is damaged near byte {attempt.Consumed} of {block.Length}, after "
                    + $"{attempt.Output.Length} bytes of text"
            )
        );
    }

    [Test]
    public void A_block_that_is_cut_short_gives_the_beginning_of_the_log([Range(0, 19)] int seed)
    {
        byte[] log = RecordCompressionTests.Log(new Random(seed), 60);
        byte[] block = Lz4Codec.Compress(log);
        var attempt = Lz4Codec.Decompress(block.AsSpan(0, block.Length / 2), Limit);
        // A cut behind the literals of a sequence leaves a valid block.
        if (attempt.Ended)
            attempt = Lz4Codec.Decompress(block.AsSpan(0, (block.Length / 2) - 1), Limit);
        Assert.That(attempt.End, Is.EqualTo(AttemptEnd.Damaged));
        Assert.That(attempt.Output.Span.CommonPrefixLength(log), Is.EqualTo(attempt.Output.Length), "no other byte");
        Assert.That(attempt.Output.Length, Is.GreaterThan(log.Length / 4));
    }

    [Test]
    public void Content_of_any_length_comes_back([Values(0, 1, 5, 12, 13, 64, 65_536, Limit)] int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content.AsSpan(0, Math.Min(length, 1000)));
        var attempt = Lz4Codec.Decompress(Lz4Codec.Compress(content), Math.Max(length, 1));
        Assert.That((attempt.Ended, attempt.Fault), Is.EqualTo((true, default(string))));
        Assert.That(attempt.Output.ToArray(), Is.EqualTo(content));
    }

    [Test]
    public void More_than_the_limit_does_not_come_out([Values(1, 100, 4095)] int limit)
    {
        byte[] log = RecordCompressionTests.Log(new Random(1), 120)[..4096];
        var attempt = Lz4Codec.Decompress(Lz4Codec.Compress(log), limit);
        Assert.That(attempt.End, Is.EqualTo(AttemptEnd.TooLarge));
        Assert.That(attempt.Fault, Is.EqualTo($"more than {limit} bytes would come out"));
        Assert.That(attempt.Output.ToArray(), Is.EqualTo(log[..limit]));
    }

    [Test]
    public void Nothing_is_no_block() =>
        Assert.That(Lz4Codec.Decompress([], Limit).End, Is.EqualTo(AttemptEnd.Damaged));

    /// <summary>
    /// Makes the first offset behind a place of the block reach back beyond the beginning of the content.
    /// </summary>
    /// <returns>Where the offset is, in bytes.</returns>
    private static int BreakAnOffset(byte[] block, byte[] log, int from)
    {
        int at = 0;
        while (true)
        {
            int token = block[at++];
            at += Length(block, ref at, token >> 4);
            if (at >= from)
                break;
            at += 2;
            Length(block, ref at, token & 15);
        }

        Assert.That(log, Has.Length.LessThan(0xffff));
        block[at] = block[at + 1] = 0xff;
        return at;
    }

    private static int Length(byte[] block, ref int at, int nibble)
    {
        int length = nibble;
        byte more = (byte)(nibble == 15 ? 255 : 0);
        while (more == 255)
            length += more = block[at++];
        return length;
    }
}
