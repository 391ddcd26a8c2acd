using System.Text;

namespace PstoreLab.Records.Tests;

public class ReassemblyTests
{
    private const ulong Second = 1_715_000_000;

    [Test]
    public void The_newest_part_comes_last_in_the_text()
    {
        var dump = Assemble(Efi(Second, 2, 1), Efi(Second, 1, 1), Efi(Second, 3, 1)).Single();
        Assert.That(dump.Text, Is.EqualTo("Panic#1.3\nPanic#1.2\nPanic#1.1\n"));
        Assert.That(dump.Header, Is.EqualTo(new DumpHeader("Panic", 1, 1)));
        Assert.That(dump.Gaps, Is.Empty);
    }

    [Test]
    public void A_missing_part_is_marked_where_it_was()
    {
        var dump = Assemble(Efi(Second, 2, 1), Efi(Second, 5, 1)).Single();
        Assert.That(dump.Gaps, Is.EqualTo([new PartGap(1, 1), new PartGap(3, 4)]));
        Assert.That(dump.Text, Is.EqualTo("Panic#1.5\n[parts 3 to 4 missing]\nPanic#1.2\n[part 1 missing]\n"));
    }

    [Test]
    public void An_efi_dump_may_cross_a_second() =>
        Assert.That(Assemble(Efi(Second, 1, 1), Efi(Second + 1, 2, 1), Efi(Second + 1, 3, 1)), Has.Count.EqualTo(1));

    [Test]
    public void Parts_beyond_the_hundredth_carry_into_the_time_of_an_efi_id()
    {
        var parts = Enumerable.Range(1, 250).Select(part => Efi(Second, (uint)part, 1)).ToArray();
        var dump = Assemble(parts).Single();
        Assert.That(dump.Parts, Has.Count.EqualTo(250));
        Assert.That(dump.Gaps, Is.Empty);
    }

    [Test]
    public void An_oops_and_the_panic_after_it_are_two_dumps_though_their_efi_ids_mix()
    {
        var dumps = Assemble(
            Efi(Second, 1, 1, "Oops"), Efi(Second, 1, 2), Efi(Second, 2, 1, "Oops"), Efi(Second, 2, 2), Efi(Second, 3, 1, "Oops"));
        Assert.That(dumps.Select(dump => (dump.Header!.ToString(), dump.Parts.Count)),
            Is.EqualTo([("Oops#1 Part1", 3), ("Panic#2 Part1", 2)]));
    }

    [Test]
    public void Two_boots_that_panic_alike_are_two_dumps()
    {
        var dumps = Assemble(Efi(Second, 1, 1), Efi(Second, 2, 1), Efi(Second + 60, 1, 1), Efi(Second + 60, 2, 1));
        Assert.That(dumps.Select(dump => dump.Parts.Count), Is.EqualTo([2, 2]));
    }

    [Test]
    public void A_dump_that_lost_its_newest_parts_does_not_join_the_one_before()
    {
        var dumps = Assemble(Efi(Second, 1, 1), Efi(Second, 2, 1), Efi(Second + 60, 3, 1), Efi(Second + 60, 4, 1));
        Assert.That(dumps.Select(dump => dump.Parts.Count), Is.EqualTo([2, 2]));
        Assert.That(dumps[1].Gaps, Is.EqualTo([new PartGap(1, 2)]));
    }

    [Test]
    public void Erst_ids_count_with_the_parts()
    {
        const ulong boot = Second << 32;
        var dumps = Assemble(
            Part("erst", boot + 1, "Oops", 1, 1), Part("erst", boot + 2, "Oops", 1, 2),
            Part("erst", boot + 3, "Panic", 2, 1), Part("erst", boot + 5, "Panic", 2, 3),
            Part("erst", boot + (60UL << 32), "Panic", 2, 4));
        Assert.That(dumps.Select(dump => (dump.Header!.ToString(), dump.Parts.Count)),
            Is.EqualTo([("Oops#1 Part1", 2), ("Panic#2 Part1", 2), ("Panic#2 Part4", 1)]));
        Assert.That(dumps[1].Gaps, Is.EqualTo([new PartGap(2, 2)]));
    }

    [Test]
    public void Ramoops_has_a_dump_a_file()
    {
        var dumps = Assemble(Part("ramoops", 10, "Panic", 1, 1), Part("ramoops", 9, "Panic", 1, 1));
        Assert.That(dumps.Select(dump => dump.Parts.Single().Name.Id), Is.EqualTo([9UL, 10UL]), "as numbers");
    }

    [Test]
    public void What_cannot_be_read_is_a_dump_of_its_own()
    {
        var name = RecordName.Parse($"dmesg-efi_pstore-{(Second * 100 + 2) * 1000 + 1}.enc.z");
        var dumps = Assemble(Efi(Second, 1, 1), DumpPart.Read(name, "Panic#1 Part2\nnot deflated"u8));
        Assert.That(dumps, Has.Count.EqualTo(2));
        Assert.That(dumps[1].Header, Is.Null);
        Assert.That(dumps[1].Text, Is.EqualTo("Panic#1 Part2\nnot deflated"));
    }

    [Test]
    public void Other_types_are_no_dumps() =>
        Assert.That(Assemble(DumpPart.Read(RecordName.Parse("pmsg-ramoops-0"), "Panic#1 Part1\nso a program says"u8)), Is.Empty);

    [Test]
    public void A_part_is_stripped_of_all_that_is_not_log()
    {
        var part = DumpPart.Read(RecordName.Parse("dmesg-ramoops-0"), "Panic#1 Part1\n<0>[    1.0] x\n\nECC: No errors detected\n"u8);
        Assert.That(part.Text, Is.EqualTo("<0>[    1.0] x\n"));
        Assert.That(part.Ecc, Is.EqualTo(new EccNotice(0, 0)));
    }

    [Test]
    public void Hostile_headers_and_ids_only_make_strange_dumps()
    {
        string[] backends = ["efi", "efi_pstore", "erst", "ramoops", "x"];
        ulong[] ids = [0, 1, 999, 100_000, ulong.MaxValue - 1, ulong.MaxValue];
        uint[] numbers = [0, 1, 2, 99, 100, uint.MaxValue - 1, uint.MaxValue];
        int[] counts = [int.MinValue, -1, 0, 1];
        var parts = (from backend in backends
                     from id in ids
                     from number in numbers
                     from count in counts
                     select Part(backend, id, "Panic", count, number)).ToArray();
        var dumps = Assemble(parts);
        Assert.That(dumps.Sum(dump => dump.Parts.Count), Is.EqualTo(parts.Length), "nothing is lost");
        Assert.That(dumps.Sum(dump => dump.Text.Length), Is.Positive);
    }

    private static IReadOnlyList<Dump> Assemble(params DumpPart[] parts) => Reassembly.Assemble(parts);

    private static DumpPart Efi(ulong time, uint part, int count, string reason = "Panic") =>
        Part("efi_pstore", (time * 100 + part) * 1000 + (ulong)count, reason, count, part);

    private static DumpPart Part(string backend, ulong id, string reason, int count, uint part) =>
        DumpPart.Read(new RecordName("dmesg", backend, id), Encoding.Latin1.GetBytes($"{reason}#{count} Part{part}\n{reason}#{count}.{part}\n"));
}
