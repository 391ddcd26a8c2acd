using System.Text.RegularExpressions;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Stores;

/// <summary>Decoding, held against what real kernels wrote and what they showed of it.</summary>
public partial class RealStoreTests
{
    [Test]
    public void There_is_one_of_each_kernel_and_backend()
    {
        string[] backends = ["efi", "erst", "pstore-blk", "ramoops", "ramoops-ecc"];
        string[] kernels = ["5.10", "6.1", "6.12", "6.18", "7.2"];
        var all = backends
            .SelectMany(backend => kernels.Select(kernel => $"{backend}-debian-{kernel}"))
            .Where(name => name != "pstore-blk-debian-5.10");
        Assert.That(RealStore.All.Select(store => store.Name), Is.EquivalentTo(all.Append("ramoops-842-lab-6.1")));
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.All))]
    public void The_compression_is_found_by_the_content(RealStore real) =>
        Assert.That(
            real.Decode(real.Image)
                .Records.Where(record => record.MarkedCompressed)
                .Select(record => record.Decompressed.Method)
                .Distinct(),
            Is.EqualTo(new[] { real.Method })
        );

    [Test]
    public void Compressed_with_842_again_it_is_what_the_kernel_wrote()
    {
        var real = RealStore.All.Single(store => store.Method == CompressionMethod.Sw842);
        var record = real.Decode(real.Image).Records.Single();
        Assert.That(
            RecordCompression.Compress(real.Method, record.Decompressed.Bytes.Span),
            Is.EqualTo(record.Payload.ToArray())
        );
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.All))]
    public void It_is_recognised(RealStore real)
    {
        byte[] image = real.Image;
        Assert.That(
            StoreFormats.Recognise(image.AsSpan(0, Math.Min(image.Length, 65536)), image.Length)?.Kind,
            Is.EqualTo(real.Kind)
        );
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.All))]
    public void The_listing_of_the_next_boot_is_predicted_to_the_byte(RealStore real) =>
        Assert.That(
            RealStore.Lines(PstoreListing.Predict(real.Decode(real.Image), real.Kernel, real.Method)),
            Is.EquivalentTo(real.Shown)
        );

    [TestCaseSource(typeof(RealStore), nameof(RealStore.All))]
    public void One_flipped_byte_of_a_payload_is_not_what_the_next_boot_showed(RealStore real)
    {
        byte[] image = real.Image;
        var record = real.Decode(image).Records.First(record => record.State == RecordState.Live);
        var data = record.Regions.Single(region => region.Kind == RegionKind.Data);
        image[data.Offset + (data.Length / 2)] ^= 1;
        Assert.That(
            RealStore.Lines(PstoreListing.Predict(real.Decode(image), real.Kernel, real.Method)),
            Is.Not.EquivalentTo(real.Shown)
        );
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.All))]
    public void The_dump_ends_as_the_console_does(RealStore real)
    {
        var dump = Lines(RealStore.Crash(real.Decode(real.Image)));
        var console = real.Console;
        int first = dump.IndexOf(console[0]);
        Assert.That(first, Is.GreaterThanOrEqualTo(0), "the first marker line");
        Assert.That(dump[first..], Is.EqualTo(console.Take(dump.Count - first)));
        if (real.Kind == StoreKind.PstoreBlk)
        {
            // Written while the kernel lives on: what it says later is only on the console.
            Assert.That(dump[^1], Does.Contain("---[ end trace"));
            Assert.That(console, Has.Some.Contains("invalid opcode: 0000 [#1]"));
        }
        else
        {
            // Written before "---[ end Kernel panic", which panic=-1 does not come to.
            Assert.That(dump[^1], Does.Contain("Kernel Offset: ").And.EqualTo(console[^1]));
            Assert.That(dump, Has.One.Contains("Kernel panic - not syncing: sysrq triggered crash"));
        }
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.All))]
    public void What_is_inferred_and_what_is_given_decode_it_the_same(RealStore real)
    {
        var inferred = real.Decode(real.Image);
        var given = real.Decode(real.Image, real.Given);
        var again = real.Decode(real.Image, inferred.Options);
        Assert.That(Facts(inferred), Is.Not.Empty.And.EqualTo(Facts(given)).And.EqualTo(Facts(again)));
    }

    [Test]
    public void Parameters_of_another_layout_do_not_decode_it_the_same()
    {
        var real = RealStore.All.First(store => store.Kind == StoreKind.Ramoops && !store.HasEcc);
        var other = real.Given with
        {
            Parameters = new Dictionary<string, string>(real.Given.Parameters) { ["ramoops.ecc"] = "1" },
        };
        Assert.That(Facts(real.Decode(real.Image, other)), Is.Not.EqualTo(Facts(real.Decode(real.Image))));
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.WithEcc))]
    public void Six_flipped_bytes_in_a_block_are_corrected_and_counted(RealStore real)
    {
        byte[] image = real.Image;
        var intact = real.Decode(image);
        Flip(image, real, count: 6);
        var store = real.Decode(image);
        Assert.That(store.Records.Single().Payload.Span.SequenceEqual(intact.Records.Single().Payload.Span));
        Assert.That(
            store.Records.Single().Ecc,
            Has.Property(nameof(EccReport.CorrectedBytes))
                .EqualTo(6)
                .And.Property(nameof(EccReport.UnrecoverableBlocks))
                .EqualTo(0)
        );
        Assert.That(RealStore.Crash(store).Text, Is.EqualTo(RealStore.Crash(intact).Text));
        Assert.That(
            RecordText.FromBytes(PstoreListing.Predict(store, real.Kernel).Values.Single()),
            Does.EndWith("6 Corrected bytes, 0 unrecoverable blocks\n")
        );
    }

    [TestCaseSource(typeof(RealStore), nameof(RealStore.WithEcc))]
    public void Forty_flipped_bytes_name_the_lost_block(RealStore real)
    {
        byte[] image = real.Image;
        Flip(image, real, count: 40);
        var record = real.Decode(image).Records.Single();
        Assert.That(
            record.Ecc!.Blocks.Where(block => block.CorrectedBytes is null).Select(block => block.Index),
            Is.EqualTo(new[] { 3 })
        );
        Assert.That(
            record.Faults,
            Has.Some.EqualTo("block 3, bytes 384 to 511 of the zone's data, is damaged beyond repair")
        );
        Assert.That(record.Decompressed.IsComplete, Is.False);
        Assert.That(PstoreListing.Predict(real.Decode(image), real.Kernel).Keys.Single(), Does.EndWith(".enc.z"));
    }

    // In the block of 128 bytes with the index 3.
    private static void Flip(byte[] image, RealStore real, int count)
    {
        var data = real.Decode(image).Records.Single().Regions.Single(region => region.Kind == RegionKind.Data);
        for (int index = 0; index < count; index++)
            image[data.Offset + (3 * 128) + (3 * index)] ^= 0xff;
    }

    private static IEnumerable<string> Facts(DecodedStore store) =>
        store.Records.Select(record =>
            $"{record.Place} {record.Name} {record.State} {record.Offset} {record.WrittenAt:O} "
            + $"{Convert.ToHexString(record.Payload.Span)} {Convert.ToHexString(record.Decompressed.Bytes.Span)} "
            + $"{record.Ecc?.CorrectedBytes}"
        );

    // Without the priority, which the console does not show.
    private static List<string> Lines(Dump dump) =>
        [.. dump.Text.TrimEnd('\n').Split('\n').Select(line => Priority().Replace(line, ""))];

    [GeneratedRegex("^<[0-9]+>")]
    private static partial Regex Priority();
}
