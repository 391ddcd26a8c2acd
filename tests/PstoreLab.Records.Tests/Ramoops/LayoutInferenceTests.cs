using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops;

/// <summary>Areas are written by their parameters and read without: what comes out has to be the same.</summary>
public class LayoutInferenceTests
{
    private const int MiB = 1 << 20;

    internal static readonly (int Others, int Cpus)[] OthersAndCpus =
    [
        (0, 1),
        (4096, 1),
        (4096, 2),
        (4096, 3),
        (0x8000, 1),
        (0x8000, 2),
        (0x8000, 3),
    ];

    [Test]
    public void The_division_is_found_from_the_headers(
        [Values(1 * MiB, 512 << 10)] int memory,
        [Values(0x10000, 0x8000, 0x40000)] int record,
        // Without ftrace zones there is nothing to tell CPUs from.
        [ValueSource(nameof(OthersAndCpus))] (int Others, int Cpus) zones,
        [Values(0, 1, 8, 33)] int ecc,
        [Values("6.1.176", "6.12.107")] string kernel
    )
    {
        var (others, cpus) = zones;
        var options = Areas.Options(memory, record, others, others, others, ecc, cpus, kernel);
        AssertSame(Filled(memory, options, others), options, RamoopsLayout.From(options, memory));
    }

    /// <summary>An area with a dump, and with a console and pmsg where it has room for others than dumps.</summary>
    internal static byte[] Filled(int memory, StoreOptions options, int others)
    {
        byte[] image = Areas.Format.CreateEmpty(memory, options);
        Areas.Format.Write(image, options, Areas.Dump("Panic#1 Part1\n" + new string('x', 20_000), 0));
        if (others > 0)
        {
            Areas.Format.Write(image, options, Areas.Of(RecordType.Console, [.. Enumerable.Repeat((byte)'c', 5000)]));
            Areas.Format.Write(image, options, Areas.Of(RecordType.Pmsg, [.. Enumerable.Repeat((byte)'p', 5000)]));
        }
        return image;
    }

    [Test]
    public void A_damaged_length_says_nothing_of_the_division(
        [Values(0, 1, 2)] int damaged,
        [Values(3, 7, 11)] int at,
        [Values(0, 1)] int ecc
    )
    {
        var options = Areas.Options(65536, 0x4000, 4096, ecc: ecc);
        byte[] image = Areas.Format.CreateEmpty(65536, options);
        for (int index = 0; index < 3; index++)
            Areas.Format.Write(image, options, Areas.Dump($"Oops#{index} Part1\ntext\n", index));
        var layout = RamoopsLayout.From(options, 65536);
        image[layout.Zones[damaged].Offset + at] = 0x7f;
        AssertSame(image, options, layout);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void One_zone_is_a_division_too(int ecc)
    {
        var options = Areas.Options(65536, 65536, ecc: ecc);
        byte[] image = Areas.Format.CreateEmpty(65536, options);
        Areas.Format.Write(image, options, Areas.Dump("Panic#1 Part1\n", 0));
        AssertSame(image, options, RamoopsLayout.From(options, 65536));
    }

    [Test]
    public void An_area_at_the_beginning_of_a_larger_image_is_found([Values(0, 1)] int ecc)
    {
        var options = Areas.Options(MiB, 0x10000, 4096, 4096, 4096, ecc);
        byte[] area = Areas.Format.CreateEmpty(MiB, options);
        Areas.Format.Write(area, options, Areas.Dump("Panic#1 Part1\n", 0));
        AssertSame([.. area, .. Areas.Bytes(new Random(5), 3 * MiB)], options, RamoopsLayout.From(options, MiB));
    }

    [Test]
    public void Some_lost_headers_do_not_hide_the_others([Values(0, 1)] int ecc)
    {
        var options = Areas.Options(MiB, 0x10000, 4096, 4096, 4096, ecc);
        byte[] image = Areas.Format.CreateEmpty(MiB, options);
        var layout = RamoopsLayout.From(options, MiB);
        foreach (int zone in (int[])[0, 4, 9])
            image.AsSpan((int)layout.Zones[zone].Offset, 12).Fill(0xee);
        AssertSame(image, options, layout);
    }

    [Test]
    public void A_record_that_tells_of_headers_is_not_taken_for_zones()
    {
        var options = Areas.Options(MiB, 0x10000, 4096, 4096, 4096);
        byte[] image = Areas.Format.CreateEmpty(MiB, options);
        byte[] header = new byte[16];
        "DBGC"u8.CopyTo(header);
        string text =
            "Panic#1 Part1\n"
            + string.Concat(Enumerable.Repeat("DBGC, DBGC " + RecordText.FromBytes(header) + new string('.', 600), 40));
        Areas.Format.Write(image, options, Areas.Dump(text, 0));
        AssertSame(image, options, RamoopsLayout.From(options, MiB));
    }

    [Test]
    public void It_says_which_it_was()
    {
        var (image, options, _) = Areas.WithDump(1);
        Assert.That(
            Areas.Format.Decode(image, options).Layout,
            Is.EqualTo("65536 bytes: 8 dmesg × 8192; ECC of 16 bytes per 128; as the parameters say")
        );
        Assert.That(
            Areas.Format.Decode(image, StoreOptions.None).Layout,
            Is.EqualTo("65536 bytes: 8 dmesg × 8192; ECC of 16 bytes per 128; inferred from the zone headers")
        );
    }

    [Test]
    public void An_image_full_of_headers_is_answered()
    {
        byte[] image = new byte[16 * MiB];
        for (int at = 0; at < image.Length; at += 512)
            "DBGC"u8.CopyTo(image.AsSpan(at));
        try
        {
            Areas.Format.Decode(image, StoreOptions.None);
        }
        catch (RecordFormatException)
        {
            // Either is an answer.
        }
    }

    private static void AssertSame(byte[] image, StoreOptions options, RamoopsLayout layout)
    {
        var inferred = Areas.Format.Decode(image, StoreOptions.None);
        var found = RamoopsLayout.From(inferred.Options, image.Length);
        Assert.That(Shape(found), Is.EqualTo(Shape(layout)));
        Assert.That(found.ParitySize, Is.EqualTo(layout.ParitySize));
        var known = Areas.Format.Decode(image, options);
        Assert.That(inferred.Records.Select(Shown), Is.EqualTo(known.Records.Select(Shown)));

        static string Shape(RamoopsLayout layout) => string.Join('\n', layout.Zones);
        static string Shown(StoredRecord record) => $"{record.Place} {record.State} {record.Payload.Length}";
    }
}
