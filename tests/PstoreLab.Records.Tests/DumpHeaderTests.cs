namespace PstoreLab.Records.Tests;

public class DumpHeaderTests
{
    [TestCase("Panic#1 Part1\n<6>[    0.1", "Panic", 1, 1u, "<6>[    0.1")]
    [TestCase("Oops#2 Part12\n", "Oops", 2, 12u, "")]
    [TestCase("Emergency#3 Part100\n\n", "Emergency", 3, 100u, "\n")]
    [TestCase("Shutdown#1 Part1", "Shutdown", 1, 1u, "")]
    [TestCase("Poweroff#-2147483648 Part4294967295\nx", "Poweroff", int.MinValue, uint.MaxValue, "x")]
    public void The_first_line_identifies_the_part(string text, string reason, int count, uint part, string rest)
    {
        Assert.That(DumpHeader.TryParse(text, out var header, out var remainder));
        Assert.That(header, Is.EqualTo(new DumpHeader(reason, count, part)));
        Assert.That(remainder, Is.EqualTo(rest));
    }

    [Test]
    public void The_line_that_pstore_blk_puts_before_it_is_read_too()
    {
        Assert.That(DumpHeader.TryParse("Oops: Total 3 times\nOops#1 Part1\ntext", out var header, out var rest));
        Assert.That(header, Is.EqualTo(new DumpHeader("Oops", 1, 1) { Total = 3 }));
        Assert.That(rest, Is.EqualTo("text"));
    }

    [TestCase("")]
    [TestCase("Panic")]
    [TestCase("Panic#1")]
    [TestCase("Panic#1 Part")]
    [TestCase("Panic#1 Part#1\n")]
    [TestCase("Panic#1 Part1 ")]
    [TestCase("Panic#1 Part1\r\n")]
    [TestCase("Panic#1 Part-1\n")]
    [TestCase("Panic#99999999999 Part1\n")]
    [TestCase("Panic#2147483648 Part1\n")]
    [TestCase("Panic#1 Part4294967296\n")]
    [TestCase("\nPanic#1 Part1\n")]
    // A name with a control character is another one to a filter, and to Stryker.
    [TestCase("Pan\u0000ic#1 Part1\n", TestName = "Anything_else_has_no_header_and_is_kept(a NUL in it)")]
    [TestCase("x\u009c\u00ed\u0002 deflated", TestName = "Anything_else_has_no_header_and_is_kept(deflated)")]
    [TestCase("<0>[    1.0] Panic#1 Part1\n")]
    public void Anything_else_has_no_header_and_is_kept(string text)
    {
        Assert.That(DumpHeader.TryParse(text, out var header, out var rest), Is.False);
        Assert.That(header, Is.Null);
        Assert.That(rest, Is.EqualTo(text));
    }
}
