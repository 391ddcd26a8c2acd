namespace PstoreLab.Records.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class LogEndTests
{
    private static readonly string Log = string.Concat(
        Enumerable.Range(0, 40).Select(line => $"<6>[    1.{line:000000}] line {line} of a log\n")
    );

    private const string Header = "Panic#1 Part1\n";

    [Test]
    public void A_log_ends_at_its_end() => Assert.That(End(Header + Log), Is.EqualTo(Header.Length + Log.Length));

    [Test]
    public void A_line_that_is_cut_is_of_the_log()
    {
        string cut = Header + "line of a part that begins within it\n" + Log + "<6>[    2.0000";
        Assert.That(End(cut), Is.EqualTo(cut.Length));
    }

    [Test]
    public void A_message_of_two_lines_is_of_the_log()
    {
        string text = Log + "its second line\nits third\n" + Log;
        Assert.That(End(text), Is.EqualTo(text.Length));
    }

    [Test]
    public void Lines_that_go_on_without_a_priority_are_none() =>
        Assert.That(End(Log + "ne 12 <6>[ li0001] of\nlog 3 a\nf a l1.00ne\nlog\n" + Log), Is.EqualTo(Log.Length));

    [Test]
    public void Bytes_that_are_no_text_end_it() =>
        Assert.That(End(Log + "\x01\x02 a\x03 b \x10\x11\x12" + Log), Is.EqualTo(Log.Length));

    [Test]
    public void A_few_controls_do_not()
    {
        string text = Log + "<6>[    1.000000] \x1b[31mred\x1b[0m \x07\n" + Log;
        Assert.That(End(text), Is.EqualTo(text.Length));
    }

    [Test]
    public void A_text_without_priorities_may_be_any_text()
    {
        string text = Header + "one\ntwo\nthree\nfour\nfive gr\xc3\xbc\xc3\x9f\n";
        Assert.That(End(text), Is.EqualTo(text.Length));
    }

    [Test]
    public void Nothing_ends_at_once() => Assert.That(End(""), Is.Zero);

    private static int End(string text) => LogEnd.Find(RecordText.ToBytes(text));
}
