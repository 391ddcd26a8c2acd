using PstoreLab.Cli.Output;
using PstoreLab.Cli.Tests.Atlas;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Reports;

namespace PstoreLab.Cli.Tests;

/// <summary>What GitHub's runner reads: annotations of ours, and nothing that a guest has printed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WorkflowTests
{
    private static readonly string[] Hostile =
    [
        "::add-mask::x",
        "it said\n::error file=a,line=1::owned",
        "it said\r::stop-commands::x",
        "it said\n \t::set-output name=a::b",
        "in the line ##[add-path]/tmp/evil",
        "\u001b[0m::warning::x",
        "##\n[x ##[group]y",
        ":::error::x",
    ];

    [TestCase("::error::x", @":\x3aerror::x")]
    [TestCase("  ::error::x", @"  :\x3aerror::x")]
    [TestCase("a\n::error::x", "a\n:\\x3aerror::x")]
    [TestCase("a\r::error::x", "a\r:\\x3aerror::x")]
    [TestCase(":::x", @":\x3a:x")]
    [TestCase("a ##[b]", @"a ##\x5bb]")]
    [TestCase("###[b]", @"###\x5bb]")]
    [TestCase("fe80::1 [x] ## a::b", "fe80::1 [x] ## a::b")]
    [TestCase("a:\n:b", "a:\n:b")]
    public void A_command_is_broken_up_and_all_else_stays(string text, string shown)
    {
        Assert.That(Guarded(text), Is.EqualTo(shown));
        Assert.That(Guarded([.. text.Select(character => character.ToString())]), Is.EqualTo(shown), "in any pieces");
    }

    [TestCaseSource(nameof(Hostile))]
    public void No_line_of_a_guest_is_a_command(string text) => Assert.That(Commands(Guarded(text)), Is.Empty);

    [Test]
    public void What_is_a_command_is_seen_here() =>
        Assert.That(Hostile.Where(text => Commands(text).Any()), Has.Exactly(7).Items);

    [Test]
    public void An_annotation_is_one_command_whatever_a_guest_said()
    {
        foreach (string text in Hostile)
        {
            var lines = Annotations.Of(
                Run([Failed("cycle/a", text, "board,x=y.yaml:8:9")]),
                [$"known.yaml:2:5: {text}"],
                Directory.GetCurrentDirectory()
            );
            Assert.That(lines, Has.Count.EqualTo(2));
            Assert.That(lines, Is.All.Not.Contain("\n").And.Not.Contain("\r").And.Not.Contain("##["));
            Assert.That(
                lines[0],
                Does.StartWith("::error title=failed%3A cycle/a,file=board%2Cx=y.yaml,line=8,col=9::")
                    .And.EndWith("%0Apstorelab run cycle/a")
            );
            Assert.That(lines[1], Does.StartWith("::warning title=known bugs,file=known.yaml,line=2,col=5::"));
        }
    }

    [Test]
    public void A_percent_sign_is_one() =>
        Assert.That(
            Annotations.Of(Run([Failed("cycle/a", "100%0A::x", "")]), [], null).Single(),
            Does.StartWith("::error title=failed%3A cycle/a::100%250A::x")
        );

    [Test]
    public void A_file_outside_of_the_workspace_is_not_annotated() =>
        Assert.That(
            Annotations.Of(Run([Failed("cycle/a", "so", "/etc/a.yaml:8:9")]), [], "/home/work").Single(),
            Does.StartWith("::error title=failed%3A cycle/a::so")
        );

    [Test]
    public void Of_many_failures_ten_are_annotated()
    {
        var lines = Annotations.Of(
            Run([.. Enumerable.Range(0, 30).Select(n => Failed($"cycle/{n}", "so", ""))]),
            [],
            null
        );
        Assert.That(lines, Has.Count.EqualTo(10));
        Assert.That(lines[^1], Is.EqualTo("::error title=pstorelab::and 21 more"));
    }

    [Test]
    public void What_passed_has_no_annotation_and_what_did_not_run_has_one()
    {
        var run = Run([]) with { };
        Assert.That(Annotations.Of(run, [], null), Is.Empty);
        var left = run with { Record = run.Record with { NotRun = [new NotRun("cycle/a", "time is up", [])] } };
        Assert.That(
            Annotations.Of(left, [], null),
            Is.EqualTo(["::warning title=not all was run::1 cases: time is up"])
        );
    }

    [Test]
    public async Task On_GitHub_the_program_prints_no_command_of_a_guest([Values(true, false)] bool json)
    {
        using var before = new MadeRun();
        using var after = new MadeRun();
        before.Add("debian-5.10", "debian-6.1");
        after.Add("debian-5.10", "debian-6.1", Verdict.Failed, "it said\n::add-mask::x\nand ##[add-path]/tmp");
        before.WriteResults();
        after.WriteResults();
        string[] words = json ? ["compare", "--json", before.Root, after.Root] : ["compare", before.Root, after.Root];
        var run = await new ProcessRunner().RunAsync(
            new ProcessSpec(Path.Combine(AppContext.BaseDirectory, "pstorelab"), words)
            {
                Environment = new Dictionary<string, string?> { ["GITHUB_ACTIONS"] = "true" },
            }
        );
        Assert.That(run.StandardOutput, Does.Contain("add-mask"));
        Assert.That(Commands(run.StandardOutput + run.StandardError), Is.Empty);
        if (json)
            Assert.That(
                System.Text.Json.JsonDocument.Parse(run.StandardOutput).RootElement.ToString(),
                Does.Contain("add-path")
            );
    }

    /// <summary>As actions/runner finds them: at the beginning of a line, or the older ones anywhere in it.</summary>
    private static IEnumerable<string> Commands(string text) =>
        text.Split('\n', '\r').Where(line => line.TrimStart().StartsWith("::") || line.Contains("##["));

    private static string Guarded(params string[] pieces)
    {
        var written = new StringWriter();
        using var guard = new WorkflowGuard(written);
        foreach (string piece in pieces)
            guard.Write(piece);
        return written.ToString();
    }

    private static FinishedRun Run(IReadOnlyList<CaseResult> results) =>
        new(
            results,
            new RunRecord(
                RunRecord.CurrentFormat,
                "0",
                "0.1.0",
                DateTimeOffset.UnixEpoch,
                new HostRecord("Debian", "6.12", "x64", 2, "10.0", "tcg"),
                [],
                new Dictionary<string, string>(),
                []
            )
        );

    private static CaseResult Failed(string id, string reason, string source) =>
        new(
            id,
            Verdict.Failed,
            reason,
            new Dictionary<string, string>(),
            "erst",
            "tcg",
            [],
            [],
            DateTimeOffset.UnixEpoch,
            0,
            new Dictionary<string, double>(),
            [],
            [new Finding(false, "pstorefs", reason, source)],
            ""
        );
}
