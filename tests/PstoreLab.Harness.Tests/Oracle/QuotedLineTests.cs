using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

public sealed class QuotedLineTests
{
    [Test]
    public void A_short_line_is_quoted_whole()
    {
        string line = new('a', 160);
        Assert.That(QuotedLine.Of(line), Is.EqualTo(line));
        Assert.That(QuotedLine.Apart(line, "b"), Is.EqualTo((line, "b")));
    }

    [Test]
    public void A_long_line_ends_with_dots()
    {
        Assert.That(QuotedLine.Of(new string('a', 161)), Is.EqualTo(new string('a', 160) + "…"));
    }

    [Test]
    public void Two_long_lines_are_cut_to_where_they_differ()
    {
        string same = new('s', 300);
        var (a, b) = QuotedLine.Apart(same + "record" + new string('r', 300), same + "console");
        Assert.That(a, Is.EqualTo("…" + new string('s', 60) + "record" + new string('r', 94) + "…"));
        Assert.That(b, Is.EqualTo("…" + new string('s', 60) + "console"));
    }

    [Test]
    public void Of_a_line_that_ends_within_the_other_the_end_is_shown()
    {
        string same = new('s', 300);
        var (a, b) = QuotedLine.Apart(same, same + "more");
        Assert.That(a, Is.EqualTo("…" + new string('s', 60)));
        Assert.That(b, Is.EqualTo("…" + new string('s', 60) + "more"));
    }
}
