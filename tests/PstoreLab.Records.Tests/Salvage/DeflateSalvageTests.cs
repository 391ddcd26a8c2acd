using System.IO.Compression;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Salvage;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Salvage;

/// <summary>The log of a real kernel, compressed as kernels do, with damage.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DeflateSalvageTests
{
    private static readonly string Log = RealLog();

    // Of sixty flips in a 10 KB record 97 of 100 lines come back on average; where the stream finds back by itself the
    // damage may be before the first line that shows it.
    [TestCase(10_000, 15)]
    [TestCase(34_000, 11)]
    public void Of_one_wrong_bit_nearly_all_lines_come_back(int size, int window)
    {
        string text = Tail(size);
        byte[] data = RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(text), window);
        var random = new Random(7);
        var shares = new List<double>();
        var before = new List<double>();
        for (int trial = 0; trial < 3; trial++)
        {
            byte[] bad = [.. data];
            int bit = random.Next(data.Length * 8);
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] given = [.. bad];
            var plain = RecordCompression.Decompress(bad);
            var made = DeflateSalvage.Of(bad, [], CancellationToken.None);
            Assert.That(bad, Is.EqualTo(given), "what is looked at is not changed");
            before.Add(Share(text, RecordText.FromBytes(plain.Bytes.Span)));
            shares.Add(made is null ? before[^1] : Share(text, RecordText.FromBytes(made.Text.Span)));
        }
        TestContext.Out.WriteLine($"{size} {window}: {before.Average():0.000} to {shares.Average():0.000}");
        Assert.That(shares.Average(), Is.GreaterThan(0.9).And.GreaterThan(before.Average()));
    }

    // The vocabulary has no line of this log: it is of other kernels.
    [TestCase(10_000, 11, 256, 0.95)]
    [TestCase(10_000, 11, 2000, 0.95)]
    [TestCase(10_000, 15, 256, 0.82)]
    [TestCase(10_000, 15, 512, 0.95)]
    [TestCase(34_000, 11, 256, 0.95)]
    [TestCase(34_000, 11, 1024, 0.95)]
    [TestCase(34_000, 15, 256, 0.93)]
    [TestCase(34_000, 15, 4000, 0.95)]
    public void Behind_a_lost_block_it_is_read_on(int size, int window, int at, double readable)
    {
        string text = Tail(size);
        byte[] data = RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(text), window);
        new Random(at).NextBytes(data.AsSpan(at, 128));
        var made = DeflateSalvage.Of(data, [new LostRange(at, 128)], CancellationToken.None)!;
        string shown = RecordText.FromBytes(made.Text.Span);
        Assert.That(shown, Does.StartWith(text[..200]));
        Assert.That(made.How, Does.StartWith($"bytes {at} to {at + 127} of the stream are lost"));
        Assert.That(Readable(text, shown), Is.GreaterThanOrEqualTo(readable));
        // What is shown as known is what was there, but for a few bytes that were inferred.
        string behind = Behind(shown);
        string truth = text[^behind.Length..];
        int wrong = behind.Where((shownByte, index) => shownByte != '?' && shownByte != truth[index]).Count();
        Assert.That(wrong, Is.LessThan(0.025 * behind.Length));
        Assert.That(made.UnknownBytes, Is.GreaterThan(0));
        Assert.That(made.InferredBytes, Is.GreaterThan(wrong));
        Assert.That(made.IsCertain, Is.False, "words are guessed");
    }

    [Test]
    public void A_record_without_damage_has_nothing_to_reconstruct()
    {
        foreach (int size in (int[])[200, 10_000])
        {
            byte[] data = RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(Tail(size)), 15);
            Assert.That(DeflateSalvage.Of(data, [], CancellationToken.None), Is.Null);
        }
        Assert.That(DeflateSalvage.Of(Array.Empty<byte>(), [], CancellationToken.None), Is.Null);
        Assert.That(DeflateSalvage.Of(new byte[5], [new LostRange(0, 5)], CancellationToken.None), Is.Null);
    }

    [Test]
    public void What_is_no_stream_is_not_made_one()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 20; trial++)
        {
            byte[] noise = new byte[500];
            random.NextBytes(noise);
            Assert.That(DeflateSalvage.Of(noise, [], CancellationToken.None), Is.Null);
            Assert.That(
                DeflateSalvage.Of(noise, [new LostRange(100, 128)], CancellationToken.None)?.IsCertain,
                Is.Not.True
            );
        }
    }

    // Found by make fuzz: behind the range the stream may end at once.
    [Test]
    public void Behind_a_lost_block_there_may_be_no_symbol_at_all()
    {
        byte[] data = RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(Tail(2_000)), 15);
        for (int left = 1; left < 40; left++)
            Assert.That(
                () => DeflateSalvage.Of(data, [new LostRange(100, data.Length - 100 - left)], CancellationToken.None),
                Throws.Nothing
            );
    }

    [Test]
    public void It_ends_when_it_is_cancelled()
    {
        byte[] data = RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(Tail(10_000)), 15);
        data[data.Length / 2] ^= 0x55;
        data[data.Length / 2 + 1] ^= 0x55;
        Assert.That(
            () => DeflateSalvage.Of(data, [], new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    private static double Share(string expected, string shown)
    {
        var lines = shown.Split('\n').ToHashSet();
        string[] all = expected.Split('\n');
        return (double)all.Count(lines.Contains) / all.Length;
    }

    // Of the lines behind what is lost those of which nine of ten bytes of the message are known and right.
    private static double Readable(string expected, string shown)
    {
        string made = Behind(shown);
        string behind = expected[^made.Length..];
        int readable = 0;
        int lines = 0;
        int at = behind.IndexOf('\n') + 1;
        while (at < behind.Length)
        {
            int end = behind.IndexOf('\n', at);
            if (end < 0)
                break;
            int start =
                behind.IndexOf("] ", at, StringComparison.Ordinal) is var time && time > 0 && time < end
                    ? time + 2
                    : at;
            int right = Enumerable.Range(start, end - start).Count(index => behind[index] == made[index]);
            readable += right >= 0.9 * (end - start) ? 1 : 0;
            lines++;
            at = end + 1;
        }
        return (double)readable / lines;
    }

    // Unknown bytes as question marks.
    private static string Behind(string shown) =>
        shown[(shown.IndexOf("of text lost]", StringComparison.Ordinal) + "of text lost]".Length)..]
            .Replace("\u00ef\u00bf\u00bd", "?", StringComparison.Ordinal);

    private static string Tail(int size) => "Panic#1 Part1\n" + Log[^size..][(Log[^size..].IndexOf('\n') + 1)..];

    private static string RealLog()
    {
        using var packed = File.OpenRead(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "efi-debian-7.2.decoded.txt.gz")
        );
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        var lines = RecordText.FromBytes(bytes.ToArray()).Split('\n').Where(line => line.StartsWith('<')).ToList();
        // A longer one: the same lines of another boot, later.
        return string.Concat(
            lines
                .Concat(lines.Select(line => line.Replace("[    ", "[   1", StringComparison.Ordinal)))
                .Select(line => line + "\n")
        );
    }
}
