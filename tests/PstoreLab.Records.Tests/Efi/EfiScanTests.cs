using System.Text;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Efi;

/// <summary>Variable stores anywhere in an image of flash.</summary>
public class EfiScanTests
{
    private static readonly EfiFormat Format = new();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(0x210000)]
    [TestCase((1 << 20) - 50)]
    [TestCase((2 << 20) - 20)]
    public void A_store_is_found_at_any_offset(int offset)
    {
        byte[] volume = Volume("Panic#1 Part1\nin a volume\n");
        byte[] bare = Volume("Panic#1 Part1\nin a bare store\n")[VariableStore.VolumeHeaderLength..0xe000];
        byte[] nvar = Nvar("dump-type0-1-1-1700000000-D", "Panic#1 Part1\nof AMI\n");
        byte[] noise = new byte[offset];
        new Random(1).NextBytes(noise);
        var found = EfiScan.DecodeAll(
            new MemoryStream([.. noise, .. volume, .. noise, .. bare, 1, .. nvar, .. noise]),
            StoreOptions.None
        );
        Assert.That(
            found.Select(one => (one.Offset, Text(one.Store.Records.Single()))),
            Is.EqualTo([
                (offset, "Panic#1 Part1\nin a volume\n"),
                ((2 * offset) + volume.Length, "Panic#1 Part1\nin a bare store\n"),
                ((2 * offset) + volume.Length + bare.Length + 1, "Panic#1 Part1\nof AMI\n"),
            ])
        );
    }

    [Test]
    public void The_newest_data_of_an_nvar_entry_counts_and_an_invalid_one_is_deleted()
    {
        byte[] first = Nvar("dump-type0-1-1-1700000000-D", "old");
        byte[] second = Nvar("dump-type0-2-1-1700000000-D", "erased");
        second[9] &= 0x7f;
        byte[] newer = Entry(0x88, "new"u8.ToArray());
        first[6] = (byte)(first.Length + second.Length);
        (first[7], first[8]) = (0, 0);
        var store = Format.Decode([.. first, .. second, .. newer, 0xff, 0xff], StoreOptions.None);
        Assert.That(
            store.Records.Select(record => (record.Name.Id, record.State, Text(record))),
            Is.EqualTo([
                (170_000_000_001_001UL, RecordState.Live, "new"),
                (170_000_000_002_001UL, RecordState.Deleted, "erased"),
            ])
        );
    }

    [Test]
    public void An_extended_header_is_no_data_and_a_vendor_may_stand_elsewhere()
    {
        byte[] entry = Entry(
            0x97,
            [.. EfiGuids.Dump.ToByteArray(), .. "dump-type0-1-1-1700000000-D\0text"u8, 0x20, 1, 2, 3, 6, 0]
        );
        byte[] numbered = Entry(0x83, [7, .. "dump-type0-2-1-1700000000-D\0other"u8]);
        var store = Format.Decode([.. entry, .. numbered], StoreOptions.None);
        Assert.That(store.Records.Select(Text), Is.EqualTo(["text", "other"]));
    }

    [Test]
    public void Ten_thousand_damaged_images_throw_nothing() =>
        Mutations.Survive(
            [
                Nvar("dump-type0-1-1-1700000000-D", "Panic#1 Part1\nof AMI\n"),
                [0, .. Volume("Panic#1 Part1\nin a volume\n")[..0x400]],
            ],
            10_000,
            image => EfiScan.DecodeAll(new MemoryStream(image.ToArray()), StoreOptions.None)
        );

    private static string Text(StoredRecord record) => RecordText.FromBytes(record.Decompressed.Bytes.Span);

    private static byte[] Volume(string text)
    {
        byte[] image = Format.CreateEmpty(0x20000, StoreOptions.None);
        var record = new RecordToWrite(RecordType.Dmesg, Encoding.Latin1.GetBytes(text));
        Assert.That(Format.Write(image, StoreOptions.None, record));
        return image;
    }

    private static byte[] Nvar(string name, string text) =>
        Entry(0x87, [.. EfiGuids.Dump.ToByteArray(), .. RecordText.ToBytes($"{name}\0{text}")]);

    private static byte[] Entry(byte attributes, byte[] body) =>
        [.. "NVAR"u8, (byte)(10 + body.Length), 0, 0xff, 0xff, 0xff, attributes, .. body];
}
