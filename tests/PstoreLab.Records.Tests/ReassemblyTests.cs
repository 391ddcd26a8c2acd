using System.Text;

namespace PstoreLab.Records.Tests;

public class ReassemblyTests
{
    private const ulong Second = 1_715_000_000;

    [Test]
    public void Part_1_comes_last_in_the_text()
    {
        var dump = Assemble(Efi(Second, 2, 1), Efi(Second, 1, 1), Efi(Second, 3, 1)).Single();
        Assert.That(dump.Text, Is.EqualTo("Panic#1.3\nPanic#1.2\nPanic#1.1\n"));
        Assert.That(dump.Header, Is.EqualTo(new DumpHeader("Panic", 1, 1)));
        Assert.That(dump.MissingParts, Is.Empty);
    }

    [Test]
    public void A_missing_part_is_marked_where_it_was()
    {
        var dump = Assemble(Efi(Second, 2, 1), Efi(Second, 5, 1)).Single();
        Assert.That(dump.MissingParts, Is.EqualTo([new MissingPart(1, 1), new MissingPart(3, 4)]));
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
        Assert.That(dump.MissingParts, Is.Empty);
    }

    [Test]
    public void An_oops_and_the_panic_after_it_are_two_dumps_though_their_efi_ids_mix()
    {
        var dumps = Assemble(
            Efi(Second, 1, 1, "Oops"),
            Efi(Second, 1, 2),
            Efi(Second, 2, 1, "Oops"),
            Efi(Second, 2, 2),
            Efi(Second, 3, 1, "Oops")
        );
        Assert.That(
            dumps.Select(dump => (dump.Header!.ToString(), dump.Parts.Count)),
            Is.EqualTo([("Oops#1 Part1", 3), ("Panic#2 Part1", 2)])
        );
    }

    [Test]
    public void Two_boots_that_panic_alike_are_two_dumps()
    {
        var dumps = Assemble(Efi(Second, 1, 1), Efi(Second, 2, 1), Efi(Second + 60, 1, 1), Efi(Second + 60, 2, 1));
        Assert.That(dumps.Select(dump => dump.Parts.Count), Is.EqualTo([2, 2]));
    }

    [Test]
    public void A_dump_that_lost_its_first_parts_does_not_join_the_one_before()
    {
        var dumps = Assemble(Efi(Second, 1, 1), Efi(Second, 2, 1), Efi(Second + 60, 3, 1), Efi(Second + 60, 4, 1));
        Assert.That(dumps.Select(dump => dump.Parts.Count), Is.EqualTo([2, 2]));
        Assert.That(dumps[1].MissingParts, Is.EqualTo([new MissingPart(1, 2)]));
    }

    [Test]
    public void Erst_ids_count_with_the_parts()
    {
        const ulong boot = Second << 32;
        var dumps = Assemble(
            Part("erst", boot + 1, "Oops", 1, 1),
            Part("erst", boot + 2, "Oops", 1, 2),
            Part("erst", boot + 3, "Panic", 2, 1),
            Part("erst", boot + 5, "Panic", 2, 3),
            Part("erst", boot + (60UL << 32), "Panic", 2, 4)
        );
        Assert.That(
            dumps.Select(dump => (dump.Header!.ToString(), dump.Parts.Count)),
            Is.EqualTo([("Oops#1 Part1", 2), ("Panic#2 Part1", 2), ("Panic#2 Part4", 1)])
        );
        Assert.That(dumps[1].MissingParts, Is.EqualTo([new MissingPart(2, 2)]));
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
        var dumps = Assemble(Efi(Second, 1, 1), DumpPart.Parse(name, "Panic#1 Part2\nnot deflated"u8));
        Assert.That(dumps, Has.Count.EqualTo(2));
        Assert.That(dumps[1].Header, Is.Null);
        Assert.That(dumps[1].Text, Is.EqualTo("Panic#1 Part2\nnot deflated"));
    }

    [Test]
    public void Other_types_are_no_dumps() =>
        Assert.That(
            Assemble(DumpPart.Parse(RecordName.Parse("pmsg-ramoops-0"), "Panic#1 Part1\nso a program says"u8)),
            Is.Empty
        );

    [Test]
    public void A_part_is_stripped_of_all_that_is_not_log()
    {
        var part = DumpPart.Parse(
            RecordName.Parse("dmesg-ramoops-0"),
            "Panic#1 Part1\n<0>[    1.0] x\n\nECC: No errors detected\n"u8
        );
        Assert.That(part.Text, Is.EqualTo("<0>[    1.0] x\n"));
        Assert.That(part.Ecc, Is.EqualTo(new EccNotice(0, 0)));
    }

    [Test]
    public void What_is_there_twice_counts_once(
        [Values("efi", "efi_pstore", "erst", "ramoops", "pstore_blk", "mtd")] string backend
    )
    {
        DumpPart[] parts = [Part(backend, 10_001_001, "Panic", 1, 1), Part(backend, 10_001_001, "Panic", 1, 1)];
        var dump = Assemble(parts).Single();
        Assert.That(dump.Text, Is.EqualTo("Panic#1.1\n"));
    }

    [Test]
    public void A_part_that_is_there_twice_does_not_tear_its_dump([Values("efi_pstore", "erst")] string backend)
    {
        ulong Id(uint part) => backend == "erst" ? (Second << 32) + part : (Second * 100 + part) * 1000 + 1;
        var other = DumpPart.Parse(new RecordName("dmesg", backend, Id(2)), "Panic#1 Part2\nanother text\n"u8);
        var dumps = Assemble(
            Part(backend, Id(3), "Panic", 1, 3),
            Part(backend, Id(2), "Panic", 1, 2),
            other,
            Part(backend, Id(2), "Panic", 1, 2),
            Part(backend, Id(1), "Panic", 1, 1)
        );
        Assert.That(
            dumps.Select(dump => dump.Text),
            Is.EquivalentTo(["Panic#1.3\nPanic#1.2\nPanic#1.1\n", "another text\n[part 1 missing]\n"])
        );
    }

    [Test]
    public void A_zone_is_a_dump_whatever_part_it_says_it_is([Values("ramoops", "pstore_blk")] string backend) =>
        Assert.That(Assemble(Part(backend, 0, "Panic", 1, 1), Part(backend, 1, "Panic", 1, 2)), Has.Count.EqualTo(2));

    [Test]
    public void Two_efi_dumps_whose_ids_overlap_by_their_many_parts_are_separated()
    {
        // Part 150 of the one has the id of part 50 of the other, a second later.
        var dumps = Assemble([
            .. Enumerable.Range(1, 150).Select(part => Efi(Second, (uint)part, 1, "Oops")),
            .. Enumerable.Range(1, 60).Select(part => Efi(Second + 1, (uint)part, 2, "Oops")),
        ]);
        Assert.That(
            dumps.Select(dump => (dump.Header!.Count, dump.Parts.Count, dump.MissingParts.Count)),
            Is.EquivalentTo([(1, 150, 0), (2, 60, 0)])
        );
    }

    [Test]
    public void A_second_crash_that_lost_its_first_parts_does_not_fill_up_the_first()
    {
        var dumps = Assemble([
            Efi(Second, 1, 1),
            .. Enumerable.Range(13, 3).Select(part => Efi(Second + 30, (uint)part, 1)),
        ]);
        Assert.That(dumps.Select(dump => dump.Parts.Count), Is.EqualTo([1, 3]));
        Assert.That(dumps[1].MissingParts, Is.EqualTo([new MissingPart(1, 12)]));
    }

    [Test]
    public void Many_missing_parts_within_a_slow_dump_do_not_split_it() =>
        Assert.That(Assemble(Efi(Second, 1, 1), Efi(Second + 8, 21, 1)), Has.Count.EqualTo(1));

    [Test]
    public void Crashes_in_a_loop_share_nothing_but_their_header()
    {
        var dumps = Assemble([
            .. from boot in Enumerable.Range(0, 6)
            from part in Enumerable.Range(1, 15)
            select Efi(Second + ((ulong)boot * 10), (uint)part, 1),
        ]);
        Assert.That(
            dumps.Select(dump => (dump.Parts.Count, dump.MissingParts.Count)),
            Is.EqualTo(Enumerable.Repeat((15, 0), 6))
        );
    }

    [TestCase(999)]
    [TestCase(1000)]
    [TestCase(1234)]
    public void A_count_beyond_999_is_no_part_of_the_time(int count) =>
        Assert.That(Assemble(Efi(Second, 1, count), Efi(Second + 1, 2, count)), Has.Count.EqualTo(1));

    [Test]
    public void Names_of_the_earliest_form_leave_the_count_out_of_the_id()
    {
        var dumps = Assemble(
            Part("efi", (Second * 100 + 1) * 1000, "Panic", 3, 1),
            Part("efi", (Second * 100 + 2) * 1000, "Panic", 3, 2),
            Part("efi", ((Second + 60) * 100 + 3) * 1000, "Panic", 3, 3)
        );
        Assert.That(dumps.Select(dump => dump.Parts.Count), Is.EqualTo([2, 1]));
    }

    [Test]
    public void Ten_thousand_sets_of_crashes_come_apart_as_they_were()
    {
        for (int seed = 1; seed <= 10_000; seed++)
        {
            var random = new Random(seed);
            var crashes = CrashSet.Make(random);
            var parts = crashes.SelectMany(crash => crash).ToArray();
            DumpPart[] listing = [.. parts, .. parts.Where(_ => random.Next(20) == 0)];
            random.Shuffle(listing);
            var dumps = Assemble(listing).Select(dump => string.Join(' ', dump.Parts.Select(part => part.Text)));
            Assert.That(
                dumps,
                Is.EquivalentTo(crashes.Select(crash => string.Join(' ', crash.Select(part => part.Text)))),
                $"seed {seed}"
            );
        }
    }

    [Test]
    public void Thousands_of_parts_of_no_dump_are_dumps_of_their_own()
    {
        var parts = Enumerable
            .Range(0, 20_000)
            .Select(index => Efi(Second + (ulong)index, (uint)(30_000 - index), 1))
            .ToArray();
        Assert.That(Assemble(parts), Has.Count.EqualTo(parts.Length));
    }

    [Test]
    public void Hostile_headers_and_ids_only_make_strange_dumps()
    {
        string[] backends = ["efi", "efi_pstore", "erst", "ramoops", "x"];
        ulong[] ids = [0, 1, 999, 100_000, ulong.MaxValue - 1, ulong.MaxValue];
        uint[] numbers = [0, 1, 2, 99, 100, uint.MaxValue - 1, uint.MaxValue];
        int[] counts = [int.MinValue, -1, 0, 1];
        var parts = (
            from backend in backends
            from id in ids
            from number in numbers
            from count in counts
            select Part(backend, id, "Panic", count, number)
        ).ToArray();
        var dumps = Assemble(parts);
        Assert.That(dumps.Sum(dump => dump.Parts.Count), Is.EqualTo(parts.Length), "nothing is lost");
        Assert.That(dumps.Sum(dump => dump.Text.Length), Is.Positive);
    }

    private static IReadOnlyList<Dump> Assemble(params DumpPart[] parts) => Reassembly.Assemble(parts);

    private static DumpPart Efi(ulong time, uint part, int count, string reason = "Panic") =>
        Part("efi_pstore", (time * 100 + part) * 1000 + (ulong)count, reason, count, part);

    internal static DumpPart Part(string backend, ulong id, string reason, int count, uint part) =>
        DumpPart.Parse(
            new RecordName("dmesg", backend, id),
            Encoding.Latin1.GetBytes($"{reason}#{count} Part{part}\n{reason}#{count}.{part}\n")
        );
}
