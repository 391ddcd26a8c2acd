using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Runs;
using Spectre.Console.Testing;

namespace PstoreLab.Cli.Tests.Output;

/// <summary>The end of a run, at the widths that terminals have.</summary>
public sealed class VerdictTableTests
{
    private static readonly CaseResult Passed = Result(
        "cycle/record-whole/erst-cold-debian-6.1",
        Verdict.Passed,
        "",
        new Finding(
            true,
            "pstorefs",
            "dmesg-erst-7714176754457247745 and 1 more part: 26766 bytes, 399 lines in 2 parts, whole to the last line",
            "scenarios/cycle/record-whole.yaml:12"
        )
    );

    private static readonly CaseResult Failed = Result(
        "cycle/record-whole/efi-cold-debian-6.1",
        Verdict.Failed,
        "dmesg-efi-1 of crash 1: line 3 of 9 differs (and 1 more)",
        new Finding(false, "pstorefs", "dmesg-efi-1 of crash 1: line 3 of 9 differs", "scenarios/a.yaml:12:3")
        {
            Line = new LineDifference(3, "[    1.5] eth0: link up", "[    1.5] eth1: link up"),
        },
        new Finding(false, "store", "a record nobody expected: dmesg-efi-2", "scenarios/a.yaml:12:3")
    );

    [TestCase(80)]
    [TestCase(200)]
    public void Failures_come_last_and_all_of_it_fits(int width)
    {
        string text = Printed(width, Verbosity.Normal, Failed, Passed);
        Approved.Matches($"verdicts-{width}.txt", text);
        // What is to be copied is one line however long it is.
        Assert.That(
            text.Split('\n').Where(line => !line.Contains("again", StringComparison.Ordinal)),
            Is.All.Length.LessThanOrEqualTo(width)
        );
        Assert.That(
            text.IndexOf(Passed.Case, StringComparison.Ordinal),
            Is.LessThan(text.IndexOf(Failed.Case, StringComparison.Ordinal))
        );
    }

    [Test]
    public void Nothing_that_went_well_is_said_when_it_is_to_be_quiet()
    {
        string text = Printed(80, Verbosity.Quiet, Failed, Passed);
        Assert.That(text, Does.Not.Contain(Passed.Case));
        Assert.That(text, Does.Contain(Failed.Case).And.Contains("1 passed, 1 failed"));
    }

    [Test]
    public void What_a_guest_wrote_is_no_markup()
    {
        var evil = Result("a/b/c", Verdict.Failed, "[red]no[/]", new Finding(false, "x", "[red]no[/]", "[b]:1"));
        Assert.That(Printed(80, Verbosity.Normal, evil), Does.Contain("[red]no[/]"));
    }

    private static string Printed(int width, Verbosity verbosity, params CaseResult[] results)
    {
        using var console = new TestConsole().Width(width);
        VerdictTable.Print(
            console,
            results,
            new RunFolder("/out/1"),
            result => $"pstorelab run {result.Case} --kernel /home/somebody/linux/arch/x86/boot/bzImage",
            verbosity
        );
        return string.Concat(console.Lines.Select(line => $"{line.TrimEnd()}\n"));
    }

    private static CaseResult Result(string id, Verdict verdict, string reason, params Finding[] findings) =>
        new(
            id,
            verdict,
            reason,
            new Dictionary<string, string>(),
            "erst",
            "tcg",
            [new PlannedKernel("debian-6.1", "6.1.176-1", "6.1.0-50-amd64")],
            [],
            DateTimeOffset.UnixEpoch,
            1.25,
            new Dictionary<string, double>(),
            [],
            findings,
            $"cases/{id}"
        );
}
