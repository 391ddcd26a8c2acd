using System.Text;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Compression;

public class RecordCompressionTests
{
    private static readonly Codecs WithoutLibraries = new(_ => false);

    private static readonly (CompressionMethod Method, int Window)[] Ways =
    [
        (CompressionMethod.Deflate, 11),
        (CompressionMethod.Deflate, 15),
        (CompressionMethod.Zlib, 12),
        (CompressionMethod.Zstd, 15),
        (CompressionMethod.Lzo, 15),
        (CompressionMethod.Lz4, 15),
        (CompressionMethod.Sw842, 15),
    ];

    [TestCaseSource(nameof(Ways))]
    public void What_was_compressed_comes_back((CompressionMethod Method, int Window) way)
    {
        Need(way.Method);
        byte[] log = Log(new Random(1), 400);
        byte[] packed = RecordCompression.Compress(way.Method, log, way.Window);
        Assert.That(packed, Has.Length.LessThan(log.Length * 2 / 3));
        var decompressed = RecordCompression.Decompress(packed);
        Assert.That(
            (decompressed.Method, decompressed.Fault, decompressed.TrailingBytes),
            Is.EqualTo((way.Method, (string?)null, 0))
        );
        Assert.That(decompressed.Bytes.ToArray(), Is.EqualTo(log));
    }

    [Test]
    public void Ten_thousand_random_records_come_back_by_every_method()
    {
        var ways = Ways.Where(way => RecordCompression.MissingLibrary(way.Method) is null).ToArray();
        for (int seed = 1; seed <= 10_000; seed++)
        {
            var random = new Random(seed);
            var (method, window) = ways[seed % ways.Length];
            byte[] log = Log(random, random.Next(12));
            var decompressed = RecordCompression.Decompress(RecordCompression.Compress(method, log, window));
            Assert.That(
                decompressed.IsComplete && decompressed.Method == method && decompressed.Bytes.Span.SequenceEqual(log),
                $"seed {seed}: {method} {decompressed.Fault}"
            );
        }
    }

    [Test]
    public void A_hundred_thousand_damaged_payloads_throw_nothing()
    {
        byte[] log = Log(new Random(2), 4);
        byte[][] payloads =
        [
            .. Ways.Where(way => RecordCompression.MissingLibrary(way.Method) is null)
                .Select(way => RecordCompression.Compress(way.Method, log, way.Window)),
        ];
        Mutations.Survive(
            payloads,
            100_000,
            payload =>
            {
                var decompressed = RecordCompression.Decompress(payload);
                if (
                    decompressed.Bytes.Length > RecordCompression.MaxDecompressedLength
                    || decompressed.TrailingBytes > payload.Length
                )
                    throw new InvalidOperationException("too much came out");
            }
        );
    }

    [Test]
    public void A_damaged_stream_gives_what_came_before_the_damage_and_says_where_it_broke()
    {
        byte[] log = Log(new Random(3), 60);
        byte[] packed = RecordCompression.Compress(CompressionMethod.Deflate, log);
        // A random byte may well be another valid code: whatever breaks, what is given is the log's beginning, up to
        // the damage.
        int found = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] damaged = [.. packed];
            var random = new Random(seed);
            random.NextBytes(damaged.AsSpan(packed.Length / 2, 40));
            var decompressed = RecordCompression.Decompress(damaged);
            Assert.That(decompressed.Method, Is.EqualTo(CompressionMethod.Deflate));
            Assert.That(decompressed.Bytes.Span.CommonPrefixLength(log), Is.GreaterThan(log.Length / 4));
            if (decompressed.Fault?.StartsWith("the stream is damaged at byte ") != true)
                continue;
            found++;
            int at = int.Parse(decompressed.Fault["the stream is damaged at byte ".Length..].Split(' ')[0]);
            Assert.That(at, Is.GreaterThanOrEqualTo(packed.Length / 2).And.LessThan(packed.Length));
            Assert.That(
                decompressed.Fault,
                Does.EndWith($"of {packed.Length}, after {decompressed.Bytes.Length} bytes of text")
            );
        }

        Assert.That(found, Is.GreaterThan(20));
    }

    [Test]
    public void The_byte_that_breaks_a_stream_is_named_exactly()
    {
        // A stored block with the header line, then a block of type 3, which does not exist.
        byte[] text = "Panic#1 Part1\n<0>x"u8.ToArray();
        byte[] payload = [0, (byte)text.Length, 0, (byte)~text.Length, 0xff, .. text, 0b110, 1, 2, 3];
        var decompressed = RecordCompression.Decompress(payload);
        Assert.That(
            decompressed.Fault,
            Is.EqualTo(
                $"the stream is damaged at byte {5 + text.Length} of {payload.Length}, after {text.Length} "
                    + "bytes of text"
            )
        );
        Assert.That(decompressed.Bytes.ToArray(), Is.EqualTo(text));
    }

    [TestCaseSource(nameof(Ways))]
    public void A_stream_cut_short_is_not_complete((CompressionMethod Method, int Window) way)
    {
        Need(way.Method);
        // As many characters as there are bytes: zstd writes nothing of a block before it has all of it.
        byte[] log = Log(new Random(4), way.Method == CompressionMethod.Zstd ? 20_000 : 400);
        byte[] packed = RecordCompression.Compress(way.Method, log, way.Window);
        var decompressed = RecordCompression.Decompress(packed.AsMemory(0, packed.Length * 3 / 4));
        Assert.That(decompressed.Method, Is.EqualTo(way.Method));
        Assert.That(decompressed.IsComplete, Is.False);
        Assert.That(decompressed.Bytes.Span.CommonPrefixLength(log), Is.GreaterThan(log.Length / 4));
    }

    [Test]
    public void Bytes_behind_the_end_of_a_deflate_stream_are_counted()
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Deflate, "Panic#1 Part1\nx"u8);
        var decompressed = RecordCompression.Decompress((byte[])[.. packed, 0, 0, 0]);
        Assert.That((decompressed.IsComplete, decompressed.TrailingBytes), Is.EqualTo((true, 3)));
    }

    [Test]
    public void A_payload_that_is_no_stream_at_all_is_unknown_and_every_method_says_why()
    {
        var decompressed = RecordCompression.Decompress(Enumerable.Repeat((byte)0xff, 100).ToArray());
        Assert.That((decompressed.Method, decompressed.Bytes.Length), Is.EqualTo((CompressionMethod.Unknown, 0)));
        Assert.That(
            decompressed.Fault,
            Does.StartWith(
                "no method makes a dump of its 100 bytes (deflate: the stream is damaged at byte 0 of 100, "
                    + "after 0 bytes of text; 842: the stream is damaged at byte 0 of 100, after 0 bytes of "
                    + "text; zstd: no frame begins here; lzo: "
            )
        );
    }

    [Test]
    public void An_empty_payload_is_not_complete() =>
        Assert.That(RecordCompression.Decompress(ReadOnlyMemory<byte>.Empty).IsComplete, Is.False);

    [Test]
    public void A_stream_without_a_dump_in_it_is_given_with_that_as_its_fault()
    {
        var decompressed = RecordCompression.Decompress(
            RecordCompression.Compress(CompressionMethod.Deflate, "some log, but no header line is there\n"u8)
        );
        Assert.That(decompressed.Method, Is.EqualTo(CompressionMethod.Deflate));
        Assert.That(RecordText.FromBytes(decompressed.Bytes.Span), Does.StartWith("some log"));
        Assert.That(decompressed.Fault, Does.StartWith("no dump begins with it (deflate: 38 bytes come out; "));
    }

    [Test]
    public void A_plain_payload_marked_as_compressed_is_recognised()
    {
        var decompressed = RecordCompression.Decompress("Panic#1 Part1\nplain"u8.ToArray());
        Assert.That(
            (decompressed.Method, decompressed.Bytes.Length, decompressed.IsComplete),
            Is.EqualTo((CompressionMethod.None, 19, false))
        );
    }

    [Test]
    public void No_record_is_larger_than_the_largest()
    {
        byte[] bomb = RecordCompression.Compress(
            CompressionMethod.Deflate,
            [.. "Panic#1 Part1\n"u8, .. new byte[RecordCompression.MaxDecompressedLength]]
        );
        Assert.That(bomb, Has.Length.LessThan(5000));
        var decompressed = RecordCompression.Decompress(bomb);
        Assert.That(decompressed.Bytes.Length, Is.EqualTo(RecordCompression.MaxDecompressedLength));
        Assert.That(
            decompressed.Fault,
            Is.EqualTo($"more than {RecordCompression.MaxDecompressedLength} bytes would come out")
        );
    }

    [Test]
    public void A_missing_library_is_named_with_its_package()
    {
        const string absence = "liblzo2.so.2 is not on this machine; install the package liblzo2-2";
        Assert.That(
            () => WithoutLibraries.Compress(CompressionMethod.Lzo, "x"u8, 15),
            Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(absence)
        );
        Assert.That(WithoutLibraries.MissingLibrary(CompressionMethod.Lzo), Is.EqualTo(absence));
        Need(CompressionMethod.Lzo);
        var decompressed = WithoutLibraries.Decompress(
            RecordCompression.Compress(CompressionMethod.Lzo, Log(new Random(5), 40))
        );
        Assert.That(decompressed.Method, Is.EqualTo(CompressionMethod.Unknown));
        Assert.That(decompressed.Fault, Does.Contain(absence));
    }

    [Test]
    public void All_methods_but_lzo_need_no_library(
        [Values(CompressionMethod.Deflate, CompressionMethod.Sw842, CompressionMethod.Zstd, CompressionMethod.Lz4)]
            CompressionMethod method
    )
    {
        byte[] log = Log(new Random(5), 40);
        var decompressed = WithoutLibraries.Decompress(WithoutLibraries.Compress(method, log, 15));
        Assert.That((decompressed.Method, decompressed.Fault), Is.EqualTo((method, (string?)null)));
        Assert.That(decompressed.Bytes.ToArray(), Is.EqualTo(log));
        Assert.That(WithoutLibraries.MissingLibrary(method), Is.Null);
    }

    [Test]
    public void Deflate_needs_no_library_except_for_the_narrow_window()
    {
        byte[] log = Log(new Random(6), 40);
        Assert.That(
            WithoutLibraries.Decompress(WithoutLibraries.Compress(CompressionMethod.Deflate, log, 15)).Bytes.ToArray(),
            Is.EqualTo(log)
        );
        Assert.That(WithoutLibraries.Compress(CompressionMethod.Deflate, [], 15), Is.EqualTo(new byte[] { 3, 0 }));
        Assert.That(
            () => WithoutLibraries.Compress(CompressionMethod.Deflate, log, 11),
            Throws
                .TypeOf<NotSupportedException>()
                .With.Message.EqualTo(
                    "a deflate window of 11 bits: libz.so.1 is not on this machine; install the package zlib1g"
                )
        );
    }

    [Test]
    public void The_narrow_window_reaches_back_less_far()
    {
        byte[] unique = Bytes(new Random(7), 4000);
        byte[] twice = [.. unique, .. unique];
        Assert.That(RecordCompression.Compress(CompressionMethod.Deflate, twice, 15), Has.Length.LessThan(5000));
        Assert.That(RecordCompression.Compress(CompressionMethod.Deflate, twice, 11), Has.Length.GreaterThan(7900));
    }

    [Test]
    public void What_has_no_library_anywhere_is_not_supported() =>
        Assert.That(
            () => RecordCompression.Compress(CompressionMethod.Unknown, "x"u8),
            Throws.TypeOf<NotSupportedException>()
        );

    internal static void Need(CompressionMethod method)
    {
        if (RecordCompression.MissingLibrary(method) is { } missing)
            Assert.Ignore(missing);
    }

    /// <summary>Something like a log, with a header line before it.</summary>
    internal static byte[] Log(Random random, int lines)
    {
        var text = new StringBuilder($"Panic#{random.Next(1, 5)} Part{random.Next(1, 200)}\n");
        for (int line = 0; line < lines; line++)
            text.Append(
                $"<{random.Next(8)}>[{random.Next(1000).ToString().PadLeft(5)}.{random.Next(1_000_000):d6}] pci "
                    + $"0000:00:{random.Next(32):x2}: reg 0x{random.Next():x8} "
                    + $"{new string((char)random.Next(32, 127), random.Next(20))}\n"
            );
        return RecordText.ToBytes(text.ToString());
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
