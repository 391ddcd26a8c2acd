using System.Globalization;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// A record's lines against those of a console, a few at a time: what is the record's fault, what the console leaves in
/// doubt, and what is neither.
/// </summary>
public class TailComparisonTests
{
    private const string Dropped = "** 2 printk messages dropped **\n";

    private static string One => Line(1, "one");
    private static string Two => Line(2, "two");
    private static string Three => Line(3, "three");
    private static string Four => Line(4, "four");

    [Test]
    public void A_record_without_a_line_is_empty() => HasFault(Of(One, ""), "the record is empty");

    [Test]
    public void An_empty_line_that_the_kernel_never_printed_is_a_fault() =>
        HasFault(
            Of(One + Two, One + "\n" + Two),
            "line 2 of 3 differs: the record has \"\", the console \"[2.000000] two\""
        );

    [Test]
    public void Without_times_an_empty_line_is_nobody_s()
    {
        const string Log = "Linux version 6.1\none\n\ntwo\n";
        IsSound(Of(Log, Log));
        HasFault(
            Of(Log, Log.Replace("two", "tWo")),
            "line 3 of 3 differs: the record has \"tWo\", the console \"two\""
        );
    }

    [TestCase(10, "9 of 10 marker lines are missing: 2, 3, 4, 5, 6, 7, 8, 9, …")]
    [TestCase(9, "8 of 9 marker lines are missing: 2, 3, 4, 5, 6, 7, 8, 9")]
    public void Marker_lines_that_are_missing_are_told_as_far_as_a_line_has_room(int markers, string fault) =>
        Assert.That(
            TailComparison.LastMarkerFaults($"pstorelab: mark abc 1/{markers}\n", "abc", markers),
            Is.EqualTo([fault])
        );

    [Test]
    public void Every_marker_line_that_is_there_twice_is_told() =>
        Assert.That(
            TailComparison.LastMarkerFaults(
                string.Concat("11223".Select(number => $"pstorelab: mark abc {number}/3\n")),
                "abc",
                3
            ),
            Is.EqualTo(["marker lines are there more than once: 1, 2"])
        );

    [Test]
    public void What_is_lost_at_the_end_is_counted() =>
        HasFault(
            Of(One + Two + Three, One),
            "the last 2 lines (10 bytes of text) are missing, ending with \"[3.000000] three\""
        );

    [Test]
    public void The_first_line_that_differs_stands_beside_what_it_should_be()
    {
        Assert.That(
            Of(One + Two, One + Line(2, "tWo")).Line,
            Is.EqualTo(new LineDifference(2, "[2.000000] two", "[2.000000] tWo"))
        );
        Assert.That(Of(One + Two + Three, One).Line, Is.EqualTo(new LineDifference(2, "[2.000000] two", null)));
        Assert.That(Of(One, One + Two).Line, Is.EqualTo(new LineDifference(2, null, "[2.000000] two")));
        Assert.That(Of(One + Two, One + Two).Line, Is.Null);
    }

    [Test]
    public void Another_writer_leaves_few_lines_between_two_of_the_kernel()
    {
        string Flood(int lines) => string.Concat(Enumerable.Repeat(Line(999, "x"), lines));
        IsSound(Of(One + Flood(200) + Two, One + Two, isShared: true));
        HasFault(
            Of(One + Flood(201) + Two, One + Two, isShared: true),
            "line 2 of 2 differs: the record has \"[2.000000] two\", the console \"[999.000000] x\""
        );
    }

    [TestCase("3.999999", false)]
    [TestCase("4", true)]
    [TestCase("8", true)]
    [TestCase("8.000001", false)]
    public void A_line_may_be_the_kernel_s_up_to_a_second_out_of_order(string time, bool isDoubted)
    {
        decimal at = decimal.Parse(time, CultureInfo.InvariantCulture);
        var difference = Of(
            Line(5, "five") + Line(at, "forged") + Line(7, "seven"),
            Line(5, "five") + Line(7, "seven"),
            isShared: true
        );
        Assert.That(difference.Faults, Is.Empty);
        Assert.That(difference.Doubts, Has.Count.EqualTo(isDoubted ? 1 : 0));
    }

    [Test]
    public void The_time_of_the_line_before_counts_and_not_that_of_a_later_one() =>
        HasDoubt(
            Of(One + Line(1.5m, "forged") + Two + Line(9, "nine"), One + Two + Line(9, "nine"), isShared: true),
            "the console has the line \"[1.500000] forged\", which is the kernel's or that of a program in the guest: "
                + "the record does not have it"
        );

    [Test]
    public void Several_such_lines_are_one_doubt() =>
        HasDoubt(
            Of(One + Line(1.5m, "forged") + Line(1.6m, "forged") + Two, One + Two, isShared: true),
            "the console has the line \"[1.500000] forged\" and 1 more, which is the kernel's or that of a program in "
                + "the guest: the record does not have it"
        );

    [Test]
    public void Where_times_were_turned_on_late_a_line_without_one_may_be_the_kernel_s() =>
        HasDoubt(
            Of("Linux version 6.1\n" + Two + "forged\n" + Three, Two + Three, isShared: true),
            "the console has the line \"forged\", which is the kernel's or that of a program in the guest: the record "
                + "does not have it"
        );

    [Test]
    public void What_the_kernel_dropped_on_the_console_is_no_fault_of_the_record()
    {
        HasDoubt(
            Of(One + Dropped + Four, One + Two + Three + Four),
            "the console lacks 2 lines from \"[2.000000] two\" on, and the kernel says that it dropped messages there"
        );
        HasDoubt(
            Of(One + Dropped + Three, One + Two + Three),
            "the console lacks 1 line from \"[2.000000] two\" on, and the kernel says that it dropped messages there"
        );
    }

    [Test]
    public void Lines_up_to_the_record_s_end_that_the_console_never_showed_are_a_fault() =>
        HasFault(
            Of(One + Dropped + Line(9, "nine"), One + Two + Three),
            "line 2 of 3 differs: the record has \"[2.000000] two\", the console \"[9.000000] nine\""
        );

    [Test]
    public void A_line_that_the_record_repeats_was_not_dropped_on_the_console()
    {
        HasFault(
            Of(One + Two + Dropped + Three, One + Two + One + Two + Three),
            "line 3 of 5 differs: the record has \"[1.000000] one\", the console \"[3.000000] three\""
        );
        HasFault(
            Of(One + Two + Dropped + Three, One + Two + Line(2.5m, "new") + Two + Three),
            "line 3 of 5 differs: the record has \"[2.500000] new\", the console \"[3.000000] three\""
        );
    }

    [Test]
    public void A_line_that_another_processor_cut_off_is_a_doubt()
    {
        HasDoubt(
            Of(One + "[    2.00" + Three, One + Two + Three, cpus: 2),
            "the console has \"[    2.00[    3.000000] three\" where the record has \"[2.000000] two\": it was "
                + "interrupted there"
        );
        HasFault(
            Of(One + "[    2.00" + Three, One + Two + Three),
            "line 2 of 3 differs: the record has \"[2.000000] two\", the console \"[3.000000] three\""
        );
    }

    [Test]
    public void An_altered_line_is_a_fault_whoever_else_writes() =>
        HasFault(
            Of(One + Two + Three, One + Line(2, "twO") + Three, isShared: true, cpus: 2),
            "line 2 of 3 differs: the record has \"[2.000000] twO\", the console \"[2.000000] two\""
        );

    [Test]
    public void A_line_with_others_characters_in_it_is_a_doubt_only_where_others_write()
    {
        string mixed = Line(2, "tXwo");
        HasDoubt(
            Of(One + mixed + Three, One + Two + Three, isShared: true),
            "the console has \"[    2.000000] tXwo\" where the record has \"[2.000000] two\": it was interrupted there"
        );
        HasFault(
            Of(One + mixed + Three, One + Two + Three, cpus: 2),
            "line 2 of 3 differs: the record has \"[2.000000] two\", the console \"[2.000000] tXwo\""
        );
    }

    private static string Line(decimal seconds, string text) =>
        $"[{seconds.ToString("F6", CultureInfo.InvariantCulture).PadLeft(12)}] {text}\n";

    private static ContentDifference Of(string console, string record, bool isShared = false, int cpus = 1) =>
        TailComparison.OfLines(ConsoleTail.All(new BootConsole(console) { IsShared = isShared, Cpus = cpus }), record);

    private static void IsSound(ContentDifference difference) =>
        Assert.That(difference.Faults.Concat(difference.Doubts), Is.Empty);

    private static void HasFault(ContentDifference difference, string fault)
    {
        Assert.That(difference.Faults, Is.EqualTo([fault]));
        Assert.That(difference.Doubts, Is.Empty);
    }

    private static void HasDoubt(ContentDifference difference, string doubt)
    {
        Assert.That(difference.Faults, Is.Empty);
        Assert.That(difference.Doubts, Is.EqualTo([doubt]));
    }
}
