using PstoreLab.Harness.Oracle;
using PstoreLab.Records.Ftrace;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>Calls that ftrace recorded, as they are shown and as they lie in the zones of each CPU.</summary>
public class CallComparisonTests
{
    private const string Line = "CPU:0 ts:7 ffffffff811b4760  ffffffff811b4c1f  vfs_write <- ksys_write+0x9f/0xe0\n";

    private static IReadOnlyList<FtraceEntry> Zone(int cpu, params IEnumerable<int> stamps) =>
        [.. stamps.Select(stamp => new FtraceEntry(0xffffffff811b4760, 0xffffffff811b4c1f, (ulong)stamp, cpu))];

    private static IEnumerable<string> Faults(string shown, params (IReadOnlyList<FtraceEntry>, bool)[] zones) =>
        CallComparison.Faults(shown, zones);

    [Test]
    public void Calls_of_known_functions_without_a_gap_are_sound()
    {
        Assert.That(Faults(Line, (Zone(0, Enumerable.Range(3, 40)), false)), Is.Empty);
        Assert.That(
            Faults(Line, (Zone(0, 1, 3, 5), false), (Zone(1, 2, 4, 6), false)),
            Is.Empty,
            "of two CPUs together"
        );
        Assert.That(
            Faults(Line, (Zone(0, 4, 1, 2, 3), false)),
            Is.Empty,
            "a call is written after those that its writing makes"
        );
        Assert.That(Faults(Line.Replace("vfs_write", "oops_init [pstorelab_oops]")), Is.Empty);
    }

    [Test]
    public void What_a_full_ring_has_lost_at_its_beginning_is_no_gap()
    {
        int[] wrapped = [108, 111, 113, 114, 112, .. Enumerable.Range(115, 40)];
        Assert.That(Faults(Line, (Zone(0, wrapped), true)), Is.Empty);
        Assert.That(
            Faults(Line, (Zone(0, wrapped), false)),
            Is.EqualTo(new[] { "2 calls are missing between 108 and 111" }),
            "with room left it is one"
        );
        Assert.That(
            Faults(Line, (Zone(0, wrapped), true), (Zone(1, 2, 50), false)),
            Is.Empty,
            "another CPU may remember more"
        );
    }

    [Test]
    public void A_gap_is_told() =>
        Assert.That(
            Faults(Line, (Zone(0, [.. Enumerable.Range(100, 40), .. Enumerable.Range(143, 40)]), true)),
            Is.EqualTo(new[] { "3 calls are missing between 139 and 143" })
        );

    [Test]
    public void Only_the_first_gap_is_told() =>
        Assert.That(
            Faults(Line, (Zone(0, 1, 2, 5, 9), false)),
            Is.EqualTo(new[] { "2 calls are missing between 2 and 5" })
        );

    [Test]
    public void A_gap_right_behind_the_calls_that_may_be_out_of_order_is_told() =>
        Assert.That(
            Faults(Line, (Zone(0, [.. Enumerable.Range(100, 16), .. Enumerable.Range(119, 40)]), true)),
            Is.EqualTo(new[] { "3 calls are missing between 115 and 119" })
        );

    [Test]
    public void Of_several_full_zones_the_one_that_forgot_most_says_from_where_on_none_is_missing() =>
        Assert.That(
            Faults(
                Line,
                (Zone(0, Enumerable.Range(0, 20).Select(i => 10 * i).Concat(Enumerable.Range(401, 40))), true),
                (Zone(1, Enumerable.Range(385, 16)), true)
            ),
            Is.Empty
        );

    [Test]
    public void A_zone_without_a_call_belongs_to_no_processor() =>
        Assert.That(Faults(Line, (Zone(0), false), (Zone(0), false), (Zone(1, 1), false)), Is.Empty);

    [Test]
    public void Only_the_first_line_that_is_no_call_is_told() =>
        Assert.That(
            Faults(Line + "torn\x1b\nand torn\n"),
            Is.EqualTo(new[] { @"a line is no call of one function by another: ""torn\x1b""" })
        );

    [TestCase("", "the record is empty")]
    [TestCase(
        "CPU:0 ts:36347887587688448 81142aa7ffffffff  35642000ffffffff  0x81142aa7ffffffff <- 0x35642000ffffffff\n",
        "a line is no call of one function by another: "
    )]
    [TestCase("CPU:0 ts:7 ffffffff811b4760  fffff", "a line is no call of one function by another: ")]
    [TestCase(
        Line + "CPU:0 ts:8 ffffffff811b4760  ffffffff811b4c1f  vfs_read <- ksys_write+0x9f/0xe0\n",
        "the function at ffffffff811b4760 is vfs_read and vfs_write"
    )]
    public void What_no_kernel_shows_is_told(string shown, string fault) =>
        Assert.That(Faults(shown).Single(), Does.StartWith(fault));

    [Test]
    public void A_zone_belongs_to_one_processor()
    {
        Assert.That(
            Faults(Line, ([.. Zone(0, 1), .. Zone(1, 2)], false)),
            Is.EqualTo(new[] { "zone 0 has calls of CPUs 0, 1" })
        );
        Assert.That(
            Faults(Line, (Zone(1, 1), false), (Zone(1, 2), false)),
            Is.EqualTo(new[] { "2 zones have calls of CPU 1" })
        );
    }
}
