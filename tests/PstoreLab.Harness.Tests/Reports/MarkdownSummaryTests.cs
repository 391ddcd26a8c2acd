using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Reports;

/// <summary>The summary of a run in GitHub's Markdown.</summary>
public sealed class MarkdownSummaryTests
{
    [Test]
    public void It_reads_as_approved() =>
        Approved.Matches(
            "summary.md",
            MarkdownSummary.Of(
                Results.Run(Results.OfEachKind, Results.LeftOver),
                ["known.yaml:2:5: 'ours' expired on 2026-12-31 and excuses nothing any more"]
            )
        );

    [TestCase("a | b\n| c", @"a \| b \| c")]
    [TestCase("<img src=x>", @"\<img src=x>")]
    [TestCase("![x](https://evil.example)", @"!\[x\](https\://evil.example)")]
    [TestCase("see https://evil.example and WWW.evil.example", @"see https\://evil.example and WWW\.evil.example")]
    [TestCase("`code` *bold* _thin_ ~~gone~~ a_b", @"\`code\` \*bold\* \_thin\_ \~\~gone\~\~ a_b")]
    [TestCase("&#60;b> \\", @"\&#60;b> \\")]
    [TestCase("\u001b[31m \u202e", @"\\x1b\[31m \\u{202e}")]
    public void What_a_guest_has_printed_is_text(string text, string shown)
    {
        Assert.That(MarkdownText.Escaped(text), Is.EqualTo(shown));
        Assert.That(
            MarkdownSummary.Of(Results.Run([Results.Of("a/b", Verdict.Failed, text)]), []),
            Does.Contain($"| failed | a/b | {shown} | `pstorelab run a/b --kernel 'mine=our kernel'` |\n")
        );
    }

    [TestCase("a/b/erst+12", "pstorelab run a/b/erst --kernel 'mine=our kernel'")]
    [TestCase("a/b/c+x", "pstorelab run a/b/c+x --kernel 'mine=our kernel'")]
    public void A_case_is_repeated_with_what_it_depends_on(string id, string command) =>
        Assert.That(Repeat.Command(Results.Run([]).Record, Results.Of(id, Verdict.Failed)), Is.EqualTo(command));

    [Test]
    public void Of_many_failures_it_stays_readable()
    {
        string text = MarkdownSummary.Of(
            Results.Run([
                .. Enumerable.Range(0, 3000).Select(n => Results.Of($"a/{n}", Verdict.Failed, new string('x', 5000))),
            ]),
            []
        );
        Assert.That(text, Does.Contain("… and 2900 more, in `junit.xml`."));
        Assert.That(text, Has.Length.LessThan(500_000), "GitHub takes 1 MiB");
    }
}
