using System.Buffers.Binary;
using PstoreLab.Records.Compression;

namespace PstoreLab.Records.Tests.Compression;

public class ZstdCodecTests
{
    private const int Limit = RecordCompression.MaxDecompressedLength;

    /// <summary>The longest content of one block.</summary>
    private const int Block = 128 << 10;

    [Test]
    public void The_blocks_before_the_damaged_one_are_there()
    {
        byte[] log = RecordCompressionTests.Log(new Random(1), 8000);
        byte[] frame = ZstdCodec.Compress(log);
        int damaged = BreakTheThirdBlock(frame);
        var attempt = ZstdCodec.Decompress(frame, Limit);
        Assert.That(attempt.End, Is.EqualTo(AttemptEnd.Damaged));
        Assert.That(attempt.Output.ToArray(), Is.EqualTo(log[..(2 * Block)]));
        Assert.That(attempt.Consumed, Is.EqualTo(damaged).Within(3), "the block's header has three bytes");
        Assert.That(
            attempt.Fault,
            Does.StartWith($"the frame is damaged at byte {attempt.Consumed} of {frame.Length} ")
                .And.EndWith($", after {2 * Block} bytes of text")
        );
    }

    [Test]
    public void Content_of_any_length_comes_back([Values(0, 1, Block - 1, Block, Block + 1, Limit)] int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content.AsSpan(0, Math.Min(length, 1000)));
        var attempt = ZstdCodec.Decompress(ZstdCodec.Compress(content), Math.Max(length, 1));
        Assert.That((attempt.Ended, attempt.Fault), Is.EqualTo((true, default(string))));
        Assert.That(attempt.Output.ToArray(), Is.EqualTo(content));
    }

    [Test]
    public void Bytes_behind_the_frame_are_not_its_own()
    {
        byte[] frame = ZstdCodec.Compress("Panic#1 Part1\nx"u8);
        var attempt = ZstdCodec.Decompress([.. frame, 1, 2, 3], Limit);
        Assert.That((attempt.Ended, attempt.Consumed), Is.EqualTo((true, frame.Length)));
    }

    [Test]
    public void More_than_the_limit_does_not_come_out([Values(1, 100, 4095, Block)] int limit)
    {
        byte[] log = RecordCompressionTests.Log(new Random(1), 4000)[..(Block + 1)];
        byte[] content = log[..Math.Min(log.Length, limit + 1)];
        var attempt = ZstdCodec.Decompress(ZstdCodec.Compress(content), limit);
        Assert.That(attempt.End, Is.EqualTo(AttemptEnd.TooLarge));
        Assert.That(attempt.Fault, Is.EqualTo($"more than {limit} bytes would come out"));
        Assert.That(attempt.Output.ToArray(), Is.EqualTo(content[..limit]));
    }

    [Test]
    public void A_window_larger_than_any_record_is_refused()
    {
        // Magic, no content size, a window of 128 MiB (RFC 8878, 3.1.1.1.2), one empty last block.
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3, 1, 0, 0];
        Assert.That(ZstdCodec.Decompress(frame, Limit).End, Is.EqualTo(AttemptEnd.Damaged));
        // The same with a window of 4 MiB.
        frame[5] = 12 << 3;
        Assert.That(ZstdCodec.Decompress(frame, Limit).Ended);
    }

    /// <summary>Gives the third block a type that is reserved (RFC 8878, 3.1.1.2.2).</summary>
    /// <returns>Where the block's header is, in bytes.</returns>
    private static int BreakTheThirdBlock(byte[] frame)
    {
        // Magic, descriptor, a content size of 4 bytes, one segment.
        Assert.That(frame[4], Is.EqualTo(0b1010_0000));
        int at = 9;
        for (int block = 0; block < 2; block++)
            at += 3 + (int)(Header(frame, at) >> 3);
        frame[at] |= 0b110;
        return at;
    }

    private static uint Header(byte[] frame, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(at)) | ((uint)frame[at + 2] << 16);
}
