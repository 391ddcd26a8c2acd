using PstoreLab.Records.Ramoops.Boards;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops.Boards;

[Parallelizable(ParallelScope.All)]
public sealed class LayoutComparisonTests
{
    [TestCase(0)]
    [TestCase(1)]
    public void Of_the_same_division_all_is_shown(int ecc)
    {
        var same = Areas.Options(
            256 << 10,
            32 << 10,
            console: 64 << 10,
            ftrace: 16 << 10,
            pmsg: 16 << 10,
            ecc: ecc,
            cpus: 2
        );
        var comparison = LayoutComparison.Of(same, same);
        Assert.That(comparison.ShowsAll);
        Assert.That(
            comparison.Reader.Select(zone => (zone.Place, zone.Of)),
            Is.All.Matches<(string, string?)>(one => one.Item1 == one.Item2)
        );
    }

    [Test]
    public void A_newer_kernel_takes_ftrace_for_pmsg()
    {
        var comparison = LayoutComparison.Of(
            Areas.Options(256 << 10, 32 << 10, console: 64 << 10, ftrace: 16 << 10, pmsg: 32 << 10, kernel: "6.1"),
            Areas.Options(256 << 10, 32 << 10, console: 64 << 10, ftrace: 16 << 10, pmsg: 32 << 10, kernel: "6.12")
        );
        Assert.That(comparison.ShowsAll, Is.False);
        Assert.That(
            comparison.Writer.Where(zone => zone.Fate != ZoneFate.Whole).Select(zone => zone.Type),
            Is.EquivalentTo(new[] { RecordType.Ftrace, RecordType.Pmsg })
        );
    }

    // A reader without a version would take the writer's from its ftrace zones, and show what no kernel does.
    [Test]
    public void Nothing_is_inferred_from_what_the_writer_left()
    {
        var old = Areas.Options(
            256 << 10,
            32 << 10,
            console: 64 << 10,
            ftrace: 16 << 10,
            pmsg: 32 << 10,
            kernel: "6.1"
        );
        var unsaid = old with { Kernel = null };
        foreach (var comparison in new[] { LayoutComparison.Of(old, unsaid), LayoutComparison.Of(unsaid, old) })
        {
            Assert.That(comparison.ShowsAll);
            Assert.That(
                comparison.Reader.Select(zone => (zone.Place, zone.Offset)),
                Is.EqualTo(comparison.Writer.Select(zone => (zone.Place, zone.Offset)))
            );
        }
    }

    [Test]
    public void A_larger_record_size_loses_every_dump_but_not_what_lies_behind()
    {
        var comparison = LayoutComparison.Of(
            Areas.Options(256 << 10, 32 << 10, console: 64 << 10),
            Areas.Options(256 << 10, 64 << 10, console: 64 << 10)
        );
        var first = comparison.Reader[0];
        // The first dump is in its place; the reader's zone is larger, and its size is in its header.
        Assert.That((first.Place, first.Fate, first.Of), Is.EqualTo(("dmesg zone 0", ZoneFate.Whole, "dmesg zone 0")));
        Assert.That(comparison.Writer.Count(zone => zone.Fate == ZoneFate.Whole), Is.EqualTo(4));
        Assert.That(comparison.Writer.Single(zone => zone.Place == "dmesg zone 1").Fate, Is.EqualTo(ZoneFate.Lost));
        Assert.That(comparison.Writer.Single(zone => zone.Type == RecordType.Console).Fate, Is.EqualTo(ZoneFate.Whole));
    }

    [Test]
    public void An_area_at_another_address_is_read_where_it_is()
    {
        var writer = At(0x60000000);
        Assert.That(LayoutComparison.Of(writer, At(0x60000000)).ShowsAll);
        var moved = LayoutComparison.Of(writer, At(0x60008000));
        Assert.That(moved.Reader[0].Offset, Is.EqualTo(0x8000));
        Assert.That((moved.Reader[0].Of, moved.Reader[0].Fate), Is.EqualTo(("dmesg zone 1", ZoneFate.Whole)));
        Assert.That(moved.Writer[0].Fate, Is.EqualTo(ZoneFate.Lost));
        Assert.That(
            () => LayoutComparison.Of(writer, At(0x100000000)),
            Throws.TypeOf<RecordFormatException>().With.Message.Contains("near each other")
        );

        static StoreOptions At(long address)
        {
            var options = Areas.Options(256 << 10, 32 << 10);
            return options with
            {
                Parameters = new Dictionary<string, string>(options.Parameters)
                {
                    ["ramoops.mem_address"] = $"{address}",
                },
            };
        }
    }

    [Test]
    public void Without_a_size_there_is_nothing_to_compare() =>
        Assert.That(
            () => LayoutComparison.Of(StoreOptions.None, Areas.Options(65536, 8192)),
            Throws.TypeOf<RecordFormatException>().With.Message.Contains("the writer's area has no size")
        );
}
