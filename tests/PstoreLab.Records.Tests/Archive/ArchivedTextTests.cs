using PstoreLab.Records.Archive;
using static PstoreLab.Records.Tests.Archive.MadeArchive;

namespace PstoreLab.Records.Tests.Archive;

public class ArchivedTextTests
{
    [Test]
    public void A_text_comes_apart_as_it_was_put_together([Values] bool labelled, [Values] bool known)
    {
        var dump = EfiDump(12);
        var text = Parse(dump.Reverse(), labelled, known ? dump : []);
        Assert.That(
            text.Chunks.Select(chunk => chunk.Content),
            Is.EqualTo(dump.Reverse().Select(record => record.Content))
        );
        Assert.That(text.Chunks.Select(chunk => chunk.Header!.Part), Is.EqualTo(Enumerable.Range(1, 12).Reverse()));
        Assert.That(
            text.Chunks.Select(chunk => chunk.Label),
            Is.EqualTo(dump.Reverse().Select(record => labelled ? record.Name : null))
        );
        Assert.That(text.Chunks.All(chunk => chunk.Record is not null), Is.EqualTo(known));
    }

    [Test]
    public void A_part_may_be_cut_within_a_line([Values] bool labelled, [Values] bool known)
    {
        var dump = EfiDump(3).Select(record => record with { Content = record.Content[..^5] }).ToArray();
        var text = Parse(dump.Reverse(), labelled, known ? dump : []);
        Assert.That(
            text.Chunks.Select(chunk => chunk.Content),
            Is.EqualTo(dump.Reverse().Select(record => record.Content))
        );
    }

    [Test]
    public void A_record_that_quotes_a_header_or_a_label_is_one_chunk_where_it_is_known([Values] bool labelled)
    {
        var dump = EfiDump(2);
        dump[1] = dump[1] with { Content = dump[1].Content + "Panic#1 Part1\ndmesg-efi_pstore-17:\n" };
        Assert.That(
            Parse(dump.Reverse(), labelled, dump).Chunks.Select(chunk => chunk.Record),
            Is.EqualTo(dump.Reverse())
        );
        Assert.That(Parse(dump.Reverse(), labelled, []).Chunks, Has.Count.GreaterThan(2), "the negative control");
    }

    [Test]
    public void A_record_without_a_header_is_found_behind_one_that_is_not_known()
    {
        var dump = EfiDump(2);
        var bare = dump[0] with { Content = "no header\n" };
        Assert.That(
            Parse([dump[1], bare], labelled: false, [bare]).Chunks.Select(chunk => chunk.Content),
            Is.EqualTo([dump[1].Content, bare.Content])
        );
    }

    [Test]
    public void A_record_of_pstore_blk_begins_with_its_total()
    {
        const string First = "Panic: Total 2 times\nPanic#1 Part1\none\n";
        const string Second = "Oops: Total 1 times\nOops#1 Part1\ntwo\n";
        Assert.That(
            ArchivedText.Parse("dmesg.txt", First + Second, []).Chunks.Select(chunk => chunk.Content),
            Is.EqualTo([First, Second])
        );
    }

    [Test]
    public void An_empty_record_leaves_its_label()
    {
        var empty = EfiDump(1)[0] with { Content = "" };
        Assert.That(Parse([empty], labelled: true, [empty]).Chunks.Single().Record, Is.EqualTo(empty));
    }

    [Test]
    public void An_empty_text_has_no_chunks() =>
        Assert.That(ArchivedText.Parse("dmesg.txt", "", EfiDump(1)).Chunks, Is.Empty);

    [Test]
    public void Any_bytes_come_apart_into_all_they_are()
    {
        var dump = EfiDump(5);
        byte[] good =
        [
            .. Text("", dump.Reverse(), labelled: true).Content.Span,
            .. Text("", dump.Reverse()).Content.Span,
        ];
        for (int seed = 1; seed <= 5_000; seed++)
        {
            string text = RecordText.FromBytes(Fuzzing.DamagedImage.Of([good], seed));
            var chunks = ArchivedText.Parse("dmesg.txt", text, dump).Chunks;
            Assert.That(
                string.Concat(chunks.Select(chunk => (chunk.Label is null ? "" : $"{chunk.Label}:\n") + chunk.Content)),
                Is.EqualTo(text),
                $"seed {seed}"
            );
        }
    }

    [Test]
    public void A_text_of_headers_alone_is_split_at_each()
    {
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(index => $"Oops#{index} Part1\n"));
        Assert.That(ArchivedText.Parse("dmesg.txt", text, EfiDump(20)).Chunks, Has.Count.EqualTo(50_000));
    }

    private static ArchivedText Parse(
        IEnumerable<ListedRecord> records,
        bool labelled,
        IReadOnlyCollection<ListedRecord> known
    ) => ArchivedText.Parse("dmesg.txt", RecordText.FromBytes(Text("", records, labelled).Content.Span), known);
}
