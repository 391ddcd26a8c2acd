using System.Text;

namespace PstoreLab.Records.Tests;

/// <summary>Parts without a first line, in their places by their names.</summary>
public class ReassemblyByNameTests
{
    [Test]
    public void A_part_of_an_efi_dump_goes_to_the_dump_of_its_time_and_count()
    {
        var dumps = Reassembly.AssembleByName([
            Part("efi_pstore", 170_000_000_001_001, "Panic#1 Part1\nend of the first\n"),
            Part("efi_pstore", 170_000_000_102_001, "lost\n"),
            Part("efi_pstore", 170_000_000_003_001, "Panic#1 Part3\nbeginning of the first\n"),
            Part("efi_pstore", 170_000_000_002_002, "of another count\n"),
            Part("efi_pstore", 170_060_000_002_001, "of another boot\n"),
        ]);
        Assert.That(
            dumps.Select(dump => dump.Text),
            Is.EqualTo([
                "beginning of the first\nlost\nend of the first\n",
                "of another count\n[part 1 missing]\n",
                "of another boot\n[part 1 missing]\n",
            ])
        );
        Assert.That(dumps.Select(dump => dump.PartsByName), Is.EqualTo([1, 1, 1]));
    }

    [Test]
    public void A_part_beyond_the_hundredth_goes_to_the_dump_that_is_as_long()
    {
        const ulong second = 1_700_000_000;
        var parts = Enumerable
            .Range(1, 120)
            .Select(part =>
                Part(
                    "efi_pstore",
                    (((second * 100) + (ulong)part) * 1000) + 1,
                    part == 105 ? "lost\n" : $"Oops#1 Part{part}\n"
                )
            );
        var dump = Reassembly.AssembleByName(parts).Single();
        Assert.That(
            (dump.Parts.Count, dump.MissingParts.Count, dump.Parts[104].PartByName),
            Is.EqualTo((120, 0, 105u))
        );
    }

    [Test]
    public void Erst_parts_fill_what_is_missing_before_they_follow()
    {
        var dumps = Reassembly.AssembleByName([
            Part("erst", 101, "Oops#1 Part1\no1\n"),
            Part("erst", 102, "p\n"),
            Part("erst", 103, "Panic#2 Part2\np2\n"),
            Part("erst", 104, "p3\n"),
            Part("erst", 201, "alone 1\n"),
            Part("erst", 202, "alone 2\n"),
        ]);
        Assert.That(dumps.Select(dump => dump.Text), Is.EqualTo(["o1\n", "p3\np2\np\n", "alone 2\nalone 1\n"]));
    }

    [Test]
    public void What_is_compressed_or_of_another_backend_is_alone_and_Assemble_looks_at_no_name()
    {
        var compressed = DumpPart.Parse(new RecordName(RecordType.Dmesg, "erst", 2, Compressed: true), [1, 2, 3]);
        DumpPart[] parts =
        [
            Part("erst", 1, "a\n"),
            compressed,
            Part("ramoops", 1, "b\n"),
            Part("ramoops", 2, "c\n"),
            Part("efi", 1, "d\n"),
        ];
        Assert.That(Reassembly.AssembleByName(parts), Has.Count.EqualTo(5));
        Assert.That(Reassembly.Assemble([Part("erst", 1, "a\n"), Part("erst", 2, "b\n")]), Has.Count.EqualTo(2));
    }

    private static DumpPart Part(string backend, ulong id, string text) =>
        DumpPart.Parse(new RecordName(RecordType.Dmesg, backend, id), Encoding.Latin1.GetBytes(text));
}
