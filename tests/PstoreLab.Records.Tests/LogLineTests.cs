namespace PstoreLab.Records.Tests;

public class LogLineTests
{
    private static readonly TestCaseData[] Lines =
    [
        new("<6>[    1.234567] text", new LogLine(6, "1.234567", null, "text")),
        new("[    1.234567] text\r", new LogLine(null, "1.234567", null, "text")),
        new("<12>[12345.000001] from user space", new LogLine(12, "12345.000001", null, "from user space")),
        new("<4>[    0.000000][    T1] with a task", new LogLine(4, "0.000000", "T1", "with a task")),
        new("[ 1234.567890][   C12] with a CPU", new LogLine(null, "1234.567890", "C12", "with a CPU")),
        new("<4>[T1234567] caller only", new LogLine(4, null, "T1234567", "caller only")),
        new("<5>no time", new LogLine(5, null, null, "no time")),
        new("<6>[    1.234567]   indented", new LogLine(6, "1.234567", null, "  indented")),
        new("<6>[    1.234567] ", new LogLine(6, "1.234567", null, "")),
        new("<6>[    1.234567]", new LogLine(6, "1.234567", null, "")),
        new("6>[    1.234567] torn", new LogLine(null, "1.234567", null, "torn")),
        new(">[    1.234567] torn", new LogLine(null, "1.234567", null, "torn")),
        new("   1.234567] torn", new LogLine(null, null, null, "   1.234567] torn")),
        new("6> said by a program", new LogLine(null, null, null, "6> said by a program")),
        new("<6", new LogLine(null, null, null, "<6")),
        new("<999999>[    1.234567] x", new LogLine(null, null, null, "<999999>[    1.234567] x")),
        new("[    1.23] x", new LogLine(null, null, null, "[    1.23] x")),
        new("[T1] a text in brackets", new LogLine(null, null, null, "[T1] a text in brackets")),
        new("", new LogLine(null, null, null, "")),
        new("   leading spaces", new LogLine(null, null, null, "   leading spaces")),
        // A name with a control character is another one to a filter, and to Stryker.
        new TestCaseData(
            "<6>[    1.234567] nul \0 and \u00ff",
            new LogLine(6, "1.234567", null, "nul \0 and \u00ff")
        ).SetArgDisplayNames("a NUL and a byte above 127"),
    ];

    [TestCaseSource(nameof(Lines))]
    public void A_line_is_taken_apart(string text, LogLine expected) =>
        Assert.That(LogLine.Parse(text), Is.EqualTo(expected));

    [Test]
    public void The_level_is_what_the_priority_has_beside_the_facility()
    {
        Assert.That(LogLine.Parse("<12>[    1.234567] x").Level, Is.EqualTo(4));
        Assert.That(LogLine.Parse("[    1.234567] x").Level, Is.Null);
    }

    [Test]
    public void A_line_of_the_console_says_the_same_as_that_of_the_record()
    {
        var console = LogLine.Parse("[    1.234567] Kernel panic - not syncing: sysrq triggered crash\r");
        Assert.That(
            console.IsSameLineAs(LogLine.Parse("<0>[    1.234567] Kernel panic - not syncing: sysrq triggered crash"))
        );
        Assert.That(
            console.IsSameLineAs(LogLine.Parse(">[    1.234567] Kernel panic - not syncing: sysrq triggered crash"))
        );
        Assert.That(
            console.IsSameLineAs(LogLine.Parse("<0>[    1.234568] Kernel panic - not syncing: sysrq triggered crash")),
            Is.False
        );
    }

    [TestCase("", 0)]
    [TestCase("\n", 1)]
    [TestCase("a\nb\n", 2)]
    [TestCase("a\n\nb", 3)]
    public void A_text_has_as_many_lines_as_it_ends(string text, int count) =>
        Assert.That(LogLine.ParseAll(text).Count(), Is.EqualTo(count));

    [Test]
    public void Random_bytes_are_some_line()
    {
        var random = new Random(7);
        var bytes = new byte[200];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            "<6>[ 1.0T"u8.CopyTo(bytes.AsSpan(random.Next(bytes.Length - 10)));
            Assert.That(() => LogLine.ParseAll(RecordText.FromBytes(bytes)).Count(), Throws.Nothing);
        }
    }

    [Test]
    public void A_long_line_takes_no_long_time() =>
        Assert.That(
            LogLine.Parse("[" + new string(' ', 1 << 20) + new string('1', 1 << 20)).Text,
            Has.Length.EqualTo((2 << 20) + 1)
        );
}
