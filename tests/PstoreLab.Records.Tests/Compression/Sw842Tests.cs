using PstoreLab.Records.Compression;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Compression;

public class Sw842Tests
{
    private const int Limit = RecordCompression.MaxDecompressedLength;

    private static readonly byte[] Log = RecordCompressionTests.Log(new Random(1), 40);
    private static readonly byte[] Packed = Sw842Encoder.Compress(Log);

    /// <summary>
    /// What <c>sw842_compress</c> of 6.1 made of these texts: nothing, less than a block, a repeat, zeros, and indices
    /// of every size.
    /// </summary>
    private static IEnumerable<TestCaseData<string, string>> OfTheKernel =>
        [
            new("", "f000000000000000"),
            new("x", "e978f635e782f800"),
            new("Panic#1", "ef50616e69632331f7a162c9d0000000"),
            new("Panic#1 Part1\n", "02830b734b1919890772830b93a18857abb0089180000000"),
            new(
                "Panic#1 Part1\n" + new string('-', 600),
                "02830b734b19198902801c9d0c428b4b640e0e0e0fbff6477169696969696fbb3436288000000000"
            ),
            new("Panic#1 " + new string('\0', 16) + "Panic#1 ", "02830b734b191989073606403d19ef006200000000000000"),
            new(
                "Panic#1 Part1\n<6>pci pci Part1 Part pcParic ci#1 Part1\n<6>anic#ni<6>panyc#1\n",
                "02830b734b19198902801c9d0c428f0d807ce0c6d240e0c6d202050617274312050586ba1038318209c9a58c802c8cc6c060e0"
                    + "a3c01b1f30b734b191b715a4f071c185b9e7b18c8cc42bd4c77cb4e000"
            ),
        ];

    [TestCaseSource(nameof(OfTheKernel))]
    public void A_stream_of_the_kernel_is_decompressed_and_compressed_to_the_bit(string text, string stream)
    {
        var attempt = Sw842Decoder.Decompress(Convert.FromHexString(stream), Limit);
        Assert.That(
            (attempt.End, RecordText.FromBytes(attempt.Output.Span), attempt.Consumed),
            Is.EqualTo((AttemptEnd.Proper, text, stream.Length / 2))
        );
        Assert.That(Convert.ToHexStringLower(Sw842Encoder.Compress(RecordText.ToBytes(text))), Is.EqualTo(stream));
    }

    [Test]
    public void Every_length_comes_back([Range(0, 72)] int length)
    {
        byte[] content = Log[..length];
        var attempt = Sw842Decoder.Decompress(Sw842Encoder.Compress(content), length);
        Assert.That((attempt.Ended, attempt.Output.ToArray()), Is.EqualTo((true, content)));
    }

    [Test]
    public void Three_thousand_generated_contents_come_back()
    {
        for (int seed = 1; seed <= 3000; seed++)
        {
            byte[] content = Content(new Random(seed));
            byte[] packed = Sw842Encoder.Compress(content);
            var attempt = Sw842Decoder.Decompress(packed, content.Length);
            Assert.That(
                attempt.Ended && attempt.Consumed == packed.Length && attempt.Output.Span.SequenceEqual(content),
                $"seed {seed}: {attempt.Fault}"
            );
        }
    }

    [Test]
    public void What_is_like_before_is_written_shorter()
    {
        Assert.That(Packed, Has.Length.LessThan(Log.Length * 3 / 4));
        byte[] noise = new byte[2048];
        new Random(2).NextBytes(noise);
        Assert.That(
            Sw842Encoder.Compress([.. noise, .. noise]),
            Has.Length.LessThan(Sw842Encoder.Compress(noise).Length * 5 / 4),
            "as far back as the ring reaches"
        );
        Assert.That(
            Sw842Encoder.Compress([.. noise, .. noise[..8], .. noise]),
            Has.Length.GreaterThan(Sw842Encoder.Compress(noise).Length * 6 / 4),
            "and no farther"
        );
        Assert.That(Sw842Encoder.Compress(new byte[8 * 641]), Has.Length.EqualTo(24), "repeats of 64 blocks at most");
    }

    [Test]
    public void Every_truncation_is_reported_and_gives_the_beginning()
    {
        int end = Packed.AsSpan().LastIndexOfAnyExcept((byte)0);
        for (int length = 0; length < end; length++)
        {
            var attempt = Sw842Decoder.Decompress(Packed.AsSpan(0, length), Limit);
            Assert.That(attempt.End, Is.EqualTo(AttemptEnd.Truncated), $"{length} bytes");
            Assert.That(
                attempt.Fault,
                Is.EqualTo(
                    $"the stream does not end within its {length} bytes, after {attempt.Output.Length} bytes of text"
                )
            );
            Assert.That(Log.AsSpan().StartsWith(attempt.Output.Span), $"{length} bytes");
        }
    }

    [Test]
    public void Every_flipped_bit_is_reported_with_a_place_in_the_stream()
    {
        int bits = 8 * Packed.AsSpan().LastIndexOfAnyExcept((byte)0);
        int damaged = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            byte[] flipped = [.. Packed];
            flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            var attempt = Sw842Decoder.Decompress(flipped, Limit);
            // Another index may name the same bytes.
            Assert.That(!attempt.Ended || attempt.Output.Span.SequenceEqual(Log), $"bit {bit}");
            if (attempt.End != AttemptEnd.Damaged)
                continue;
            damaged++;
            int at = int.Parse(attempt.Fault!.Split("at byte ")[1].Split(' ')[0]);
            // The checksum alone is longer than two bytes.
            Assert.That(
                at,
                Is.GreaterThanOrEqualTo((bit / 8) - 4).And.LessThan(Packed.Length),
                $"bit {bit}: {attempt.Fault}"
            );
        }

        Assert.That(damaged, Is.GreaterThan(bits / 2));
    }

    [Test]
    public void Fifty_thousand_damaged_streams_throw_nothing_and_give_nothing_wrong() =>
        Mutations.Survive(
            [Packed, Sw842Encoder.Compress(Log.AsSpan(0, 301)), Sw842Encoder.Compress("Panic#1 Part1\n"u8)],
            50_000,
            payload =>
            {
                var attempt = Sw842Decoder.Decompress(payload, Limit);
                if (attempt.Output.Length > Limit || attempt.Consumed > payload.Length)
                    throw new InvalidOperationException("too much");
                if (
                    attempt.Ended
                    && !Log.AsSpan().StartsWith(attempt.Output.Span)
                    && !"Panic#1 Part1\n"u8.SequenceEqual(attempt.Output.Span)
                )
                    throw new InvalidOperationException("a content that nobody wrote");
            }
        );

    [TestCase("d000000000000000", 0, TestName = "a template that means nothing")]
    [TestCase("d800000000000000", 0, TestName = "a repeat of nothing")]
    [TestCase("e800000000000000", 0, TestName = "short data of no bytes")]
    [TestCase("c800000000000000", 0, TestName = "an index of what is not there")]
    [TestCase("e6408000000000", 1, TestName = "an index of 8 bytes beyond the first block")]
    public void What_cannot_be_is_named_to_the_byte(string stream, int at)
    {
        byte[] payload = Convert.FromHexString(stream);
        var attempt = Sw842Decoder.Decompress(payload, Limit);
        Assert.That(attempt.Fault, Does.StartWith($"the stream is damaged at byte {at} of {payload.Length}, after "));
    }

    [Test]
    public void A_checksum_of_something_else_is_named_with_its_place()
    {
        byte[] payload = Convert.FromHexString("e978f635e782f000");
        Assert.That(
            Sw842Decoder.Decompress(payload, Limit).Fault,
            Is.EqualTo("the checksum at byte 2 of 8 is not that of the 1 bytes of text before it")
        );
    }

    [Test]
    public void No_more_comes_out_than_is_allowed()
    {
        byte[] bomb = Sw842Encoder.Compress(new byte[Limit + 1]);
        Assert.That(bomb, Has.Length.LessThan(Limit / 300));
        var attempt = Sw842Decoder.Decompress(bomb, Limit);
        Assert.That(
            (attempt.End, attempt.Output.Length, attempt.Fault),
            Is.EqualTo((AttemptEnd.TooLarge, Limit, $"more than {Limit} bytes would come out"))
        );
        Assert.That(Sw842Decoder.Decompress(Packed, Log.Length).Ended);
        Assert.That(Sw842Decoder.Decompress(Packed, Log.Length - 1).End, Is.EqualTo(AttemptEnd.TooLarge));
    }

    [Test]
    public void What_fills_the_stream_up_belongs_to_it_and_what_is_behind_does_not()
    {
        Assert.That(RecordCompression.Decompress(Packed).TrailingBytes, Is.Zero);
        Assert.That(
            RecordCompression.Decompress(Packed.AsMemory(0, Packed.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)),
            Has.Property(nameof(DecompressedPayload.IsComplete))
                .True.And.Property(nameof(DecompressedPayload.TrailingBytes))
                .Zero
        );
        var decompressed = RecordCompression.Decompress((byte[])[.. Packed, 1, 2, 3]);
        Assert.That(
            (decompressed.Method, decompressed.IsComplete, decompressed.TrailingBytes),
            Is.EqualTo((CompressionMethod.Sw842, true, 3))
        );
    }

    // Noise, few letters, long runs, what was before at a distance, and logs: short and long.
    private static byte[] Content(Random random)
    {
        byte[] content = new byte[random.Next(3) == 0 ? random.Next(40) : random.Next(6000)];
        switch (random.Next(5))
        {
            case 0:
                random.NextBytes(content);
                break;
            case 1:
                for (int i = 0; i < content.Length; i++)
                    content[i] = (byte)random.Next(4);
                break;
            case 2:
                for (int i = random.Next(content.Length + 1); i < content.Length; i += 1 + random.Next(1500))
                    content.AsSpan(i).Fill((byte)random.Next(3));
                break;
            case 3:
                for (int i = 0; i < content.Length; i++)
                    content[i] =
                        i >= 100 && random.Next(50) > 0
                            ? content[i - (8 * (1 + (i / 500 % 12)))]
                            : (byte)random.Next(256);
                break;
            default:
                return RecordCompressionTests.Log(random, content.Length / 60)[random.Next(8)..];
        }

        return content;
    }
}
