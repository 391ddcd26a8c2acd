using PstoreLab.Records.Compression;

namespace PstoreLab.Records.Tests.Compression;

public class KernelDecompressionTests
{
    private static readonly Version Old = new(6, 1);
    private static readonly Version New = new(6, 12);
    private static readonly byte[] Log = RecordCompressionTests.Log(new Random(1), 20);
    private static readonly byte[] Packed = RecordCompression.Compress(CompressionMethod.Deflate, Log);

    [Test]
    public void An_intact_stream_is_decompressed_by_every_kernel([Values("5.10", "6.1", "6.12", "7.2")] string reader)
    {
        Assert.That(Try(Packed, Version.Parse(reader), 1024, out var content), Is.Null);
        Assert.That(content.ToArray(), Is.EqualTo(Log));
    }

    [Test]
    public void What_is_behind_the_stream_is_passed_over([Values("5.10", "7.2")] string reader)
    {
        Assert.That(Try([.. Packed, 0xff, 0xff], Version.Parse(reader), 4096, out var content), Is.Null);
        Assert.That(content.ToArray(), Is.EqualTo(Log));
    }

    [Test]
    public void What_is_behind_a_stream_of_any_other_method_is_an_error(
        [Values(CompressionMethod.Zstd, CompressionMethod.Lzo)] CompressionMethod method
    )
    {
        RecordCompressionTests.Need(method);
        byte[] packed = RecordCompression.Compress(method, Log);
        Assert.That(KernelDecompression.TryDecompress(packed, Old, 4096, method, out var content, out _));
        Assert.That(content.ToArray(), Is.EqualTo(Log));
        Assert.That(
            KernelDecompression.TryDecompress((byte[])[.. packed, 0], Old, 4096, method, out _, out var kernelMessage),
            Is.False
        );
        Assert.That(kernelMessage, Is.EqualTo("crypto_comp_decompress failed, ret = -22!"));
    }

    [Test]
    public void A_stream_of_842_ends_where_it_says_and_what_is_wrong_with_it_has_its_number(
        [Values("5.10", "6.1")] string reader
    )
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Sw842, Log);
        Assert.That(Try842([.. packed, 0xff, 0xff], Log.Length), Is.Null);
        Assert.That(Try842(packed[..^12], 4096), Is.EqualTo("crypto_comp_decompress failed, ret = -75!"));
        Assert.That(Try842(packed, Log.Length - 1), Is.EqualTo("crypto_comp_decompress failed, ret = -28!"));
        packed[5] ^= 1;
        Assert.That(Try842(packed, 4096), Is.EqualTo("crypto_comp_decompress failed, ret = -22!"));

        string? Try842(byte[] payload, long bufferSize)
        {
            bool shown = KernelDecompression.TryDecompress(
                payload,
                Version.Parse(reader),
                bufferSize,
                CompressionMethod.Sw842,
                out var content,
                out string? kernelMessage
            );
            Assert.That(content.ToArray(), Is.EqualTo(shown ? Log : payload));
            return kernelMessage;
        }
    }

    [Test]
    public void A_method_that_the_reader_does_not_use_is_not_tried()
    {
        RecordCompressionTests.Need(CompressionMethod.Lz4);
        byte[] packed = RecordCompression.Compress(CompressionMethod.Lz4, Log);
        Assert.That(Try(packed, Old, 4096, out var content), Is.EqualTo("crypto_comp_decompress failed, ret = -22!"));
        Assert.That(content.ToArray(), Is.EqualTo(packed), "the payload as it is");
        Assert.That(KernelDecompression.TryDecompress(packed, Old, 4096, CompressionMethod.Lz4, out _, out _));
        Assert.That(
            KernelDecompression.TryDecompress(packed, New, 4096, CompressionMethod.Lz4, out _, out _),
            Is.False,
            "falling back to deflate"
        );
    }

    [Test]
    public void Only_old_kernels_lend_a_stream_its_last_byte_of_zero()
    {
        // A block with fixed codes ends in seven zero bits, which here fill the last byte.
        byte[] packed =
        [
            .. Enumerable
                .Range(0, 1000)
                .Select(length =>
                    RecordCompression.Compress(
                        CompressionMethod.Deflate,
                        RecordText.ToBytes("Panic#1 Part1\n" + new string('x', length))
                    )
                )
                .First(packed => packed[^1] == 0),
        ];
        byte[] cut = packed[..^1];
        Assert.That(Try(cut, Old, 4096, out _), Is.Null);
        Assert.That(Try(cut, New, 4096, out _), Is.EqualTo("zlib_inflate() failed, ret = -5!"));
        Assert.That(
            Try(cut[..^1], Old, 4096, out _),
            Is.EqualTo("crypto_comp_decompress failed, ret = -22!"),
            "nor two bytes"
        );
    }

    [Test]
    public void Damage_and_a_missing_end_have_different_numbers()
    {
        Assert.That(Try([0b110, 1, 2, 3], New, 4096, out _), Is.EqualTo("zlib_inflate() failed, ret = -3!"));
        Assert.That(Try(Packed[..^5], New, 4096, out _), Is.EqualTo("zlib_inflate() failed, ret = -5!"));
        Assert.That(Try([], New, 4096, out _), Is.EqualTo("zlib_inflate() failed, ret = -5!"));
        Assert.That(Try([], Old, 4096, out _), Is.EqualTo("crypto_comp_decompress failed, ret = -22!"));
    }

    [TestCase("6.12", 1024, 3072)]
    [TestCase("7.2", 100, 300)]
    [TestCase("6.1", 1024, 1828)]
    [TestCase("5.10", 2048, 3792)]
    [TestCase("5.10", 8192, 18204)]
    [TestCase("5.10", 65536, 109226)]
    public void What_comes_out_must_fit_the_readers_buffer(string reader, long bufferSize, int most)
    {
        byte[] Of(int length) =>
            RecordCompression.Compress(CompressionMethod.Deflate, Enumerable.Repeat((byte)'x', length).ToArray());
        Assert.That(Try(Of(most), Version.Parse(reader), bufferSize, out var content), Is.Null);
        Assert.That(content.Length, Is.EqualTo(most));
        Assert.That(Try(Of(most + 1), Version.Parse(reader), bufferSize, out _), Is.Not.Null);
    }

    [Test]
    public void No_header_line_is_asked_for()
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Deflate, "no dump"u8);
        Assert.That(RecordCompression.Decompress(packed).IsComplete, Is.False);
        Assert.That(Try(packed, New, 4096, out _), Is.Null);
    }

    [Test]
    public void A_kernel_without_compression_shows_the_payload() =>
        Assert.That(
            KernelDecompression.TryDecompress(Packed, New, 4096, CompressionMethod.None, out _, out _),
            Is.False
        );

    [Test]
    public void A_kernel_that_was_built_without_compression_shows_the_payload_and_says_nothing(
        [Values("6.1", "7.2")] string reader
    )
    {
        Assert.That(
            KernelDecompression.TryDecompress(
                Packed,
                Version.Parse(reader),
                4096,
                null,
                out var content,
                out var kernelMessage
            ),
            Is.False
        );
        Assert.That((content.ToArray(), kernelMessage), Is.EqualTo((Packed, default(string))));
        KernelDecompression.TryDecompress(
            Packed,
            Version.Parse(reader),
            4096,
            CompressionMethod.None,
            out _,
            out kernelMessage
        );
        Assert.That(kernelMessage, Is.EqualTo("no decompression method initialized!"), "one that was only told not to");
    }

    private static string? Try(byte[] payload, Version reader, long bufferSize, out ReadOnlyMemory<byte> content)
    {
        bool shown = KernelDecompression.TryDecompress(
            payload,
            reader,
            bufferSize,
            CompressionMethod.Deflate,
            out content,
            out string? kernelMessage
        );
        Assert.That(shown, Is.EqualTo(kernelMessage is null));
        return kernelMessage;
    }
}
