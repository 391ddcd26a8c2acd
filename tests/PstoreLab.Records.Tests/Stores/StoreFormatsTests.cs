using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Stores;

public class StoreFormatsTests
{
    private static readonly StoreKind[] Kinds = Enum.GetValues<StoreKind>();

    [Test]
    public void Every_kind_has_a_format() =>
        Assert.That(Kinds.Select(kind => StoreFormats.Get(kind).Kind), Is.EqualTo(Kinds));

    [TestCaseSource(nameof(Kinds))]
    public void A_store_is_taken_for_what_it_is_and_for_nothing_else(StoreKind kind)
    {
        var format = StoreFormats.Get(kind);
        byte[] image = format.CreateEmpty(kind == StoreKind.Efi ? 540672 : 0x40000, StoreOptions.None);
        for (uint part = 1; part <= 3; part++)
            Assert.That(
                format.Write(
                    image,
                    StoreOptions.None,
                    new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes($"Panic#1 Part{part}\ntext")) { Part = part }
                )
            );
        Assert.That(StoreFormats.Recognise(image.AsSpan(0, 65536), image.Length)?.Kind, Is.EqualTo(kind));
        Assert.That(
            StoreFormats
                .All.Where(other => other.Recognises(image.AsSpan(0, 65536), image.Length))
                .Select(other => other.Kind),
            Is.EqualTo(new[] { kind })
        );
    }

    [Test]
    public void What_is_written_is_written_again_the_same()
    {
        foreach (var kind in Kinds)
        {
            var format = StoreFormats.Get(kind);
            byte[] image = format.CreateEmpty(kind == StoreKind.Efi ? 540672 : 0x40000, StoreOptions.None);
            format.Write(
                image,
                StoreOptions.None,
                new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes("Oops#1 Part1\ntext"))
                {
                    WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
                }
            );
            var store = format.Decode(image, StoreOptions.None);
            byte[] again = [.. image];
            Assert.That(format.Write(again, store.Options, store.Records.Single().AsRecordToWrite), $"{kind}");
            Assert.That(again.AsSpan().SequenceEqual(image), $"{kind}");
        }
    }

    [Test]
    public void Anything_else_is_no_store()
    {
        byte[] noise = new byte[65536];
        new Random(1).NextBytes(noise);
        Assert.That(StoreFormats.Recognise(noise, noise.Length), Is.Null);
        Assert.That(StoreFormats.Recognise(new byte[65536], 65536), Is.Null);
        Assert.That(StoreFormats.Recognise([], 0), Is.Null);
    }
}
