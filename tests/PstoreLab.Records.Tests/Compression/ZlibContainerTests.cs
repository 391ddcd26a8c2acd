using System.IO.Compression;
using PstoreLab.Records.Compression;

namespace PstoreLab.Records.Tests.Compression;

/// <summary>Deflate in a zlib container, as kernels 3.11 to 4.16 compress.</summary>
public class ZlibContainerTests
{
    private static readonly byte[] Log = RecordText.ToBytes(
        "Panic#1 Part1\n"
            + string.Concat(Enumerable.Range(0, 80).Select(line => $"<6>[  {line}.{line * 7919:d6}] line {line}\n"))
    );

    [Test]
    public void What_another_library_packed_comes_back_whole()
    {
        var packed = new MemoryStream();
        using (var writer = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            writer.Write(Log);
        foreach (byte[] payload in (byte[][])[packed.ToArray(), [.. packed.ToArray(), 0, 0, 7]])
        {
            var decompressed = RecordCompression.Decompress(payload);
            Assert.That(
                (decompressed.Method, decompressed.Fault, decompressed.TrailingBytes),
                Is.EqualTo((CompressionMethod.Zlib, (string?)null, payload.Length - (int)packed.Length))
            );
            Assert.That(decompressed.Bytes.ToArray(), Is.EqualTo(Log));
        }
    }

    [TestCase(12)]
    [TestCase(15)]
    public void Another_library_reads_what_is_packed_here(int window)
    {
        RecordCompressionTests.Need(CompressionMethod.Zlib);
        var packed = new MemoryStream(RecordCompression.Compress(CompressionMethod.Zlib, Log, window));
        using var reader = new ZLibStream(packed, CompressionMode.Decompress);
        var text = new MemoryStream();
        reader.CopyTo(text);
        Assert.That(text.ToArray(), Is.EqualTo(Log));
    }

    [Test]
    public void A_wrong_checksum_is_told_and_the_text_is_there()
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Zlib, Log);
        packed[^1] ^= 1;
        var decompressed = RecordCompression.Decompress(packed);
        Assert.That((decompressed.Method, decompressed.ChecksumFailed), Is.EqualTo((CompressionMethod.Zlib, true)));
        Assert.That(
            decompressed.Fault,
            Does.Match(
                "^the checksum of its text is 0x[0-9a-f]{8} and should be 0x[0-9a-f]{8}: some of the text is wrong$"
            )
        );
        Assert.That(decompressed.Bytes.ToArray(), Is.EqualTo(Log));
    }

    [Test]
    public void A_stream_without_the_checksum_behind_it_is_not_complete()
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Zlib, Log);
        var decompressed = RecordCompression.Decompress(packed.AsMemory(0, packed.Length - 3));
        Assert.That((decompressed.ChecksumFailed, decompressed.IsComplete), Is.EqualTo((true, false)));
        Assert.That(decompressed.Bytes.ToArray(), Is.EqualTo(Log));
    }

    [Test]
    public void A_kernel_since_4_17_does_not_decompress_it()
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Zlib, Log);
        foreach (string reader in (string[])["6.1", "6.12"])
            Assert.That(
                KernelDecompression.TryDecompress(
                    packed,
                    Version.Parse(reader),
                    65536,
                    CompressionMethod.Deflate,
                    out _,
                    out string? message
                ),
                Is.False,
                message
            );
    }
}
