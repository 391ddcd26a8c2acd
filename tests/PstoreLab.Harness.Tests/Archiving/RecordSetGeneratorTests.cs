using PstoreLab.Harness.Archiving;
using PstoreLab.Records;

namespace PstoreLab.Harness.Tests.Archiving;

public class RecordSetGeneratorTests
{
    private const int Many = 1_500;

    private static readonly IReadOnlyList<RecordSet> Sets =
    [
        .. Enumerable.Range(0, Many).AsParallel().AsOrdered().Select(new RecordSetGenerator(7).Make),
    ];

    [Test]
    public void The_same_seed_and_number_make_the_same_set()
    {
        foreach (var set in Sets.Take(60))
        {
            var again = new RecordSetGenerator(7).Make(set.Number);
            Assert.That(
                again.Rounds.SelectMany(round => round),
                Is.EqualTo(set.Rounds.SelectMany(round => round)),
                $"{set}"
            );
        }

        Assert.That(new RecordSetGenerator(8).Make(50).Rounds[0], Is.Not.EqualTo(Sets[50].Rounds[0]));
    }

    [Test]
    public void Every_kind_and_every_backend_is_there()
    {
        Assert.That(Sets.Select(set => set.Kind).Distinct(), Is.EquivalentTo(RecordSetGenerator.Kinds));
        Assert.That(
            Sets.Select(set => set.Backend).Distinct(),
            Is.EquivalentTo(["efi", "efi_pstore", "erst", "ramoops", "pstore_blk", "none"])
        );
        Assert.That(
            Sets.SelectMany(set => set.Rounds).SelectMany(round => round).Select(record => record.Name.Type).Distinct(),
            Is.EquivalentTo(["dmesg", "console", "pmsg", "ftrace", "mce"])
        );
    }

    [Test]
    public void Names_are_of_the_backend_and_unique_in_a_listing()
    {
        foreach (var set in Sets)
        {
            Assert.That(
                set.Rounds.All(round => round.Select(record => record.Name).Distinct().Count() == round.Count),
                $"{set}"
            );
            Assert.That(
                set.Rounds.SelectMany(round => round).All(record => record.Name.Backend == set.Backend),
                $"{set}"
            );
        }
    }

    [Test]
    public void Every_record_of_a_dump_has_its_header_but_those_that_nothing_undoes()
    {
        var dmesg = Sets.SelectMany(set => set.Rounds)
            .SelectMany(round => round)
            .Where(record => record.Name.Type == RecordType.Dmesg)
            .ToList();
        Assert.That(dmesg.Count(record => record.Name.Compressed), Is.GreaterThan(20));
        Assert.That(
            dmesg
                .Where(record => !record.Name.Compressed)
                .All(record => DumpHeader.TryParse(record.Content, out _, out _))
        );
    }

    [Test]
    public void A_crash_over_a_second_is_one_dump_of_several_seconds() =>
        Each(
            "a crash over a second",
            set =>
            {
                var dump = Dumps(set).Single();
                Assert.That(
                    set.Backend == "erst" || dump.Parts.Select(part => part.Name.Id / 100_000).Distinct().Count() == 2,
                    $"{set}"
                );
            }
        );

    [Test]
    public void A_crash_of_many_parts_is_one_dump_without_a_gap() =>
        Each(
            "a crash of 100 parts and more",
            set =>
            {
                var dump = Dumps(set).Single();
                Assert.That((dump.Parts.Count >= 100, dump.MissingParts.Count), Is.EqualTo((true, 0)), $"{set}");
            }
        );

    [Test]
    public void An_oops_and_a_panic_are_two_dumps() =>
        Each(
            "an oops, then a panic",
            set =>
                Assert.That(
                    Dumps(set).Select(dump => dump.Header!.Reason),
                    Is.EquivalentTo(["Oops", "Panic"]),
                    $"{set}"
                )
        );

    [Test]
    public void An_id_that_carries_is_in_the_middle_of_a_dump() =>
        Each(
            "an ERST id that carries",
            set =>
                Assert.That(
                    Dumps(set).Single().Parts.Select(part => part.Name.Id / 1_000_000).Distinct().Count(),
                    Is.EqualTo(2),
                    $"{set}"
                )
        );

    [Test]
    public void What_is_kept_in_the_store_is_there_again_unless_its_zone_was_written_to() =>
        Each(
            "archived twice, and kept in the store",
            set =>
            {
                Assert.That(set.Unlink, Is.False);
                Assert.That(set.Rounds[1], Is.EqualTo(set.Rounds[0]), $"{set}");
            }
        );

    [Test]
    public void Zones_have_the_same_names_at_each_boot() =>
        Each(
            "a crash after each archiving",
            set =>
            {
                if (set.Backend is "ramoops" or "pstore_blk")
                    Assert.That(
                        set.Rounds.Select(round =>
                            round.Count(record => record.Name.ToString() == $"dmesg-{set.Backend}-0")
                        ),
                        Has.All.EqualTo(1),
                        $"{set}"
                    );
                Assert.That(set.Rounds.SelectMany(round => round), Is.Unique, $"{set}");
            }
        );

    private static void Each(string kind, Action<RecordSet> check)
    {
        var sets = Sets.Where(set => set.Kind == kind).ToList();
        Assert.That(sets, Has.Count.GreaterThan(50));
        foreach (var set in sets)
            check(set);
    }

    private static IReadOnlyList<Dump> Dumps(RecordSet set) =>
        Reassembly.Assemble(
            set.Rounds.SelectMany(round => round)
                .Select(record => DumpPart.Parse(record.Name, RecordText.ToBytes(record.Content)))
        );
}
