using PstoreLab.Harness.Oracle;
using PstoreLab.Records;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>When a line of a console is one of the kernel's log, and when only what is left of one.</summary>
public class ConsoleEntryTests
{
    private const string Line = "[    2.000000] two";
    private const string Next = "[    3.000000] three";

    [TestCase("[    2.000000] at [    1.000000] it was well", "[    2.000000] at [    1.000000] it was well", true)]
    [TestCase("login: [    2.000000] two", Line, true)]
    [TestCase("login: two", "two", false, TestName = "{m}(without a time, behind another text)")]
    [TestCase("two", "two", true, TestName = "{m}(without a time)")]
    public void It_shows_a_line_whose_end_it_is(string raw, string line, bool expected) =>
        Assert.That(ConsoleEntry.Parse(raw).Shows(LogLine.Parse(line)), Is.EqualTo(expected));

    [TestCase("[    2.000", Line, true)]
    [TestCase("[    2.000000] tw", Line, true)]
    [TestCase(Line, Line, false, TestName = "{m}(not all of it)")]
    [TestCase("", Line, false, TestName = "{m}(not nothing)")]
    [TestCase("[    9", Line, false, TestName = "{m}(not another beginning)")]
    [TestCase("[    2.000000][    T7] tw", "[    2.000000][    T7] two", true, TestName = "{m}(with a caller)")]
    [TestCase("[    T7] tw", "[    T7] two", true, TestName = "{m}(with a caller and no time)")]
    [TestCase("[    2.000000] tw", "[    2.000000][    T7] two", false, TestName = "{m}(the caller left out)")]
    public void It_is_cut_off_where_it_is_the_beginning(string raw, string line, bool expected) =>
        Assert.That(ConsoleEntry.Parse(raw).IsCutOff(LogLine.Parse(line)), Is.EqualTo(expected));

    [TestCase("[    2.0" + Next, true)]
    [TestCase(Next, false, TestName = "{m}(not the next alone)")]
    [TestCase("[    9.0" + Next, false, TestName = "{m}(not another beginning)")]
    [TestCase("two", false, TestName = "{m}(not what is shorter than the next)")]
    public void It_begins_cut_off_where_the_next_is_behind_the_beginning(string raw, bool expected) =>
        Assert.That(
            ConsoleEntry.Parse(raw).BeginsCutOff(LogLine.Parse(Line), LogLine.Parse(Next)),
            Is.EqualTo(expected)
        );

    [TestCase("[    2.000000] tXwo", true)]
    [TestCase("[    2.000000] twoXX", true)]
    [TestCase(Line, false, TestName = "{m}(not the line alone)")]
    [TestCase("[    2.000000] twXXX", false, TestName = "{m}(not where a character is missing)")]
    [TestCase("[    2.000000] tw", false, TestName = "{m}(not the beginning)")]
    public void It_is_interleaved_where_all_of_the_line_is_in_it_and_more(string raw, bool expected) =>
        Assert.That(ConsoleEntry.Parse(raw).IsInterleavedWith(LogLine.Parse(Line)), Is.EqualTo(expected));
}
