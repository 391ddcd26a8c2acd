using PstoreLab.Cli.Commands;
using PstoreLab.Cli.Tests.Decoding;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Tests;

/// <summary>Runs that go by an earlier one, or that another program goes by.</summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RerunTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(ExitCode.Passed, 0)]
    [TestCase(ExitCode.Failed, 1)]
    [TestCase(ExitCode.Usage, 125)]
    [TestCase(ExitCode.Infra, 125)]
    [TestCase(ExitCode.Internal, 125)]
    [TestCase(ExitCode.NothingTested, 125)]
    [TestCase(ExitCode.NotAllRun, 125)]
    [TestCase(ExitCode.Interrupted, 125)]
    public void A_search_of_commits_skips_what_judges_no_kernel(int code, int expected)
    {
        Assert.That(GitBisectOption.Of(["run", "cycle", "--git-bisect"], code), Is.EqualTo(expected));
        Assert.That(GitBisectOption.Of(["run", "cycle"], code), Is.EqualTo(code));
        Assert.That(GitBisectOption.Of(["list", "--", "--git-bisect"], code), Is.EqualTo(code), "a word");
    }

    [Test]
    public async Task A_search_of_commits_skips_a_command_line_that_cannot_be_meant()
    {
        var run = await CommandRun.InAsync(_folder.Root, "run", "cycle", "--git-bisect", "--no-such-option");
        Assert.That(run.Exit.Code, Is.EqualTo(125));
        run = await CommandRun.InAsync(_folder.Root, "run", "no-such-family", "--git-bisect");
        Assert.That(run.Exit.Code, Is.EqualTo(125));
    }

    [Test]
    public async Task Where_nothing_failed_there_is_nothing_to_repeat()
    {
        string run = Run("run", MadeCase.Result("cycle/record-whole/erst-cold-debian-6.1", Verdict.Passed));
        var repeated = await CommandRun.InAsync(_folder.Root, "run", "--last-failed", run);
        Assert.That(
            (repeated.Exit.Code, repeated.StandardOutput, repeated.StandardError),
            Is.EqualTo((0, "", $"no case failed in {run}: there is nothing to repeat\n"))
        );
    }

    [Test]
    public async Task Where_nothing_was_tested_that_is_no_pass()
    {
        string run = Run("run", MadeCase.Result("cycle/record-whole/erst-cold-debian-6.1", Verdict.Unsupported));
        Assert.That(
            (await CommandRun.InAsync(_folder.Root, "run", "--last-failed", run)).Exit.Code,
            Is.EqualTo(ExitCode.NothingTested)
        );
    }

    [Test]
    public async Task Where_not_all_was_run_that_is_no_pass()
    {
        string run = Run("run", MadeCase.Result("cycle/record-whole/erst-cold-debian-6.1", Verdict.Passed));
        var record = new RunRecord(
            RunRecord.CurrentFormat,
            "0123456789abcdef0123456789abcdef",
            "0.1.0",
            DateTimeOffset.UnixEpoch,
            new HostRecord("Debian GNU/Linux 13", "6.12.0", "x64", 2, "10.0.7", "tcg"),
            [],
            new Dictionary<string, string>(),
            [
                new NotRun("cycle/record-whole/erst-cold-debian-6.1", "it was", []),
                new NotRun("cycle/record-whole/erst-warm-debian-6.1", "the time was up", []),
            ]
        );
        File.WriteAllText(Path.Combine(run, RunRecord.FileName), EvidenceJson.Line(record));
        Assert.That(
            (await CommandRun.InAsync(_folder.Root, "run", "--last-failed", run)).Exit.Code,
            Is.EqualTo(ExitCode.NotAllRun)
        );
    }

    [Test]
    public void What_repeats_a_case_has_options_that_there_are()
    {
        var run = CommandLine.Root().Subcommands.Single(command => command.Name == "run");
        Assert.That(RunOptions.Remade, Is.SubsetOf(run.Options.Select(option => option.Name)));
        Assert.That(
            RunOptions.OfTheCases(run.Parse(["cycle", "--jobs", "2", "-k", "a.deb", "--append", "quiet nokaslr"])),
            Is.EqualTo(["--kernel", "a.deb", "--append", "quiet nokaslr"])
        );
    }

    [Test]
    public async Task A_case_that_is_there_no_more_is_named()
    {
        string run = Run("run", MadeCase.Result("cycle/of-yesterday/erst", Verdict.Infra));
        string complaint = await CommandRun.ComplaintAsync(_folder.Root, "run", $"--last-failed={run}");
        Assert.That(
            complaint,
            Does.StartWith($"cycle/of-yesterday/erst failed in {run} and is left out: there is no such case any more")
                .And.Contain("none of the 1 cases that failed")
        );
    }

    [TestCase("--last-failed", "there is no run in")]
    [TestCase("--last-failed=cycle", "'cycle' is not the folder of a run")]
    public async Task A_run_that_is_none_is_refused(string option, string sentence) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "run", option, "--out", _folder.Root),
            Does.Contain(sentence)
        );

    [Test]
    public void Repetitions_of_one_case_are_repeated_once()
    {
        var failed = new FailedCases("out/latest", ["cycle/a/erst", "cycle/gone/erst"], ExitCode.Failed);
        var said = new List<string>();
        Assert.That(
            failed
                .Of([MadeCase.Of("cycle/a/erst"), MadeCase.Of("cycle/b/erst")], all: true, said.Add)
                .Select(one => one.Id),
            Is.EqualTo(new[] { "cycle/a/erst" })
        );
        Assert.That(said.Single(), Does.StartWith("cycle/gone/erst failed in out/latest and is left out"));
        Assert.That(
            () => failed.Of([MadeCase.Of("cycle/b/erst")], all: false, _ => { }),
            Throws.TypeOf<UsageException>()
        );
    }

    [Test]
    public async Task A_comparison_begins_with_its_verdict_and_how_much_was_compared()
    {
        string a = Run(
            "a",
            [.. Enumerable.Range(1, 13).Select(number => MadeCase.Result($"cycle/c{number}/erst", Verdict.Passed))]
        );
        string b = Run("b", MadeCase.Result("cycle/c1/erst", Verdict.Failed, "it was lost"));
        string[] lines = await ComparedAsync(1, a, b);
        Assert.That(
            lines[..2],
            Is.EqualTo(
                new[]
                {
                    "B is worse: 1 case fails in B and not in A; 0 fixed, 0 with the same verdict",
                    "only 1 of 13 cases was compared: 12 only in A",
                }
            )
        );
        lines = await ComparedAsync(0, a, a);
        Assert.That(
            lines[..2],
            Is.EqualTo(
                new[] { "B is not worse: no case fails in B that does not in A; 0 fixed, 13 with the same verdict", "" }
            )
        );
    }

    [Test]
    public async Task A_comparison_of_what_neither_side_can_run_is_no_pass()
    {
        string a = Run("a", MadeCase.Result("cycle/a/erst", Verdict.Unsupported));
        string[] lines = await ComparedAsync(ExitCode.NothingTested, a, a);
        Assert.That(
            lines[..2],
            Is.EqualTo(
                new[]
                {
                    "nothing was compared; 0 fixed, 0 with the same verdict",
                    "none of 1 case was compared: 1 unsupported on both",
                }
            )
        );
    }

    private async Task<string[]> ComparedAsync(int code, string a, string b)
    {
        var run = await CommandRun.InAsync(_folder.Root, "compare", a, b);
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((code, "")));
        return run.StandardOutput.Split('\n');
    }

    private string Run(string name, params IReadOnlyList<CaseResult> results)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Root, name)).FullName;
        File.WriteAllText(
            Path.Combine(folder, "results.jsonl"),
            string.Concat(results.Select(result => EvidenceJson.Line(result) + "\n"))
        );
        return folder;
    }
}
