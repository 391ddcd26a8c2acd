using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Oracle.Exhibits;

namespace PstoreLab.Harness.Tests.Oracle.Exhibits;

/// <summary>A record and a console side by side, a few lines at a time: s same, l lost, a altered, and so on.</summary>
public class LineAlignmentTests
{
    private const string Log = "123456";

    [TestCase(Log, Log, ExpectedResult = "ssssss")]
    [TestCase(Log, "3456", ExpectedResult = "2: ssss")]
    [TestCase(Log, "1234", ExpectedResult = "ssssll", TestName = "{m}: the end is lost")]
    [TestCase(Log, "1256", ExpectedResult = "ssllss", TestName = "{m}: the middle is lost")]
    [TestCase(Log, "12x3456", ExpectedResult = "ssessss", TestName = "{m}: one too many")]
    [TestCase(Log, "12x456", ExpectedResult = "sslesss", TestName = "{m}: another one")]
    [TestCase(Log, "1223456", ExpectedResult = "ssrssss", TestName = "{m}: one twice")]
    [TestCase(Log, "x123456", ExpectedResult = "6: rest", TestName = "{m}: a beginning that was never shown")]
    [TestCase(Log, "", ExpectedResult = "llllll")]
    public string Lines_are_set_beside_each_other(string console, string record)
    {
        var aligned = TailComparison.Aligned(Console(Text(console)), Text(record));
        if (console == Log && record.StartsWith('x'))
            return aligned.Before == 6 && aligned.Lines.All(line => line.Console is null) ? "6: rest" : "found";
        return (aligned.Before > 0 ? $"{aligned.Before}: " : "") + Letters(aligned);
    }

    [Test]
    public void A_line_of_the_same_time_is_altered()
    {
        var aligned = TailComparison.Aligned(Console(Text(Log)), Text(Log).Replace("line 4", "lXne 4"));

        Assert.That(Letters(aligned), Is.EqualTo("sssass"));
        Assert.That(aligned.Lines[3].Console, Does.EndWith("line 4"));
        Assert.That(aligned.Lines[3].Record, Does.EndWith("lXne 4"));
    }

    [Test]
    public void What_the_console_has_from_after_the_record_was_written_is_not_lost()
    {
        var console = Console(Text(Log)) with { Needed = 4 };

        Assert.That(Letters(TailComparison.Aligned(console, Text("1234"))), Is.EqualTo("ssssnn"));
    }

    /// <summary>What the oracle excuses is no difference here either.</summary>
    [Test]
    public void What_is_in_doubt_is_no_difference()
    {
        var console = Console(Text(Log)) with { IsShared = true };
        string record = Text("1256");

        var aligned = TailComparison.Aligned(console, record);

        Assert.That(TailComparison.OfLines(console, record).Faults, Is.Empty);
        Assert.That(aligned.Lines.Where(line => line.IsDifference), Is.Empty);
        Assert.That(Letters(aligned), Is.EqualTo("ssooss"));
    }

    private static string Letters(LineAlignment aligned) =>
        string.Concat(
            aligned.Lines.Select(line =>
                line.Kind switch
                {
                    AlignedLineKind.Same => 's',
                    AlignedLineKind.Lost => 'l',
                    AlignedLineKind.Altered => 'a',
                    AlignedLineKind.Extra => 'e',
                    AlignedLineKind.Repeated => 'r',
                    AlignedLineKind.OtherWriter => 'o',
                    AlignedLineKind.After => 'n',
                    _ => '?',
                }
            )
        );

    private static ConsoleTail Console(string text) => ConsoleTail.All(new BootConsole(text));

    private static string Text(string lines) =>
        string.Concat(
            lines.Select(one => one == 'x' ? "[    9.000000] nobody said this\n" : $"[    {one}.000000] line {one}\n")
        );
}
