using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Tests.Output;

/// <summary>What is drawn below the results while a run goes on.</summary>
public sealed class RunStatusTests
{
    private static readonly RunStatus Status = new(
        [
            ("cycle/record-whole/efi-warm-debian-6.1", "boot 2: Booting", TimeSpan.FromSeconds(11)),
            ("cycle/record-whole/erst-warm-debian-6.1", "boot 1: Ready", TimeSpan.FromSeconds(0.4)),
        ],
        "[    1.0] a \u001b[2Jline\u202e",
        new SortedDictionary<Verdict, int> { [Verdict.Passed] = 3, [Verdict.Failed] = 1 },
        10,
        TimeSpan.FromSeconds(95)
    );

    [Test]
    public void It_says_what_runs_and_how_far_it_is() =>
        Assert.That(
            Status.Lines(80),
            Is.EqualTo([
                "  cycle/record-whole/efi-warm-debian-6.1                  boot 2: Booting   11 s",
                "  cycle/record-whole/erst-warm-debian-6.1                 boot 1: Ready      0 s",
                @"  > [    1.0] a \x1b[2Jline\u{202e}",
                "4 of 10: 3 passed, 1 failed, about 2 min left",
            ])
        );

    [TestCase(20)]
    [TestCase(40)]
    [TestCase(79)]
    public void It_fits(int width) => Assert.That(Status.Lines(width), Is.All.Length.LessThanOrEqualTo(width));

    [Test]
    public void A_narrow_terminal_shows_the_end_of_a_name() =>
        Assert.That(Status.Lines(50).First(), Is.EqualTo("  …ole/efi-warm-debian-6.1  boot 2: Booting   11 s"));

    [Test]
    public void Many_cases_are_cut() =>
        Assert.That(
            (Status with { Running = [.. Enumerable.Repeat(Status.Running[0], 20)] }).Lines(80).ElementAt(8),
            Is.EqualTo("  and 12 more")
        );
}
