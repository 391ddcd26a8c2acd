using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Bisection;

/// <summary>A whole search with runs that are made up: what is kept, gone on with, and thrown away.</summary>
public class KernelSearchTests
{
    private const string Case = "damage/torn/ramoops";

    private static readonly string[] Kernels = [.. Enumerable.Range(0, 20).Select(n => $"k-6.{n}")];

    private readonly List<string> _tried = [];

    [SetUp]
    public void Forget() => _tried.Clear();

    [Test]
    public async Task The_answer_names_both_versions_with_their_results()
    {
        var report = await SearchAsync(index => index < 13 ? Verdict.Passed : Verdict.Failed);

        Assert.That(
            (report.Ending, report.LastGood, report.FirstBad),
            Is.EqualTo((BisectEnding.Found, "k-6.12", "k-6.13"))
        );
        Assert.That(report.StepOf("k-6.13")!.Telling.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(report.StepOf("k-6.12")!.Telling.Verdict, Is.EqualTo(Verdict.Passed));
        Assert.That(report.IsHeldUp, Is.False);
    }

    [Test]
    public async Task Interrupted_after_any_step_it_goes_on_without_trying_one_twice([Range(1, 5)] int steps)
    {
        BisectState? kept = null;
        using var interruption = new CancellationTokenSource();
        Func<int, Verdict> truth = index => index < 7 ? Verdict.Passed : Verdict.Failed;
        var first = Search(
            truth,
            repeat: 1,
            state =>
            {
                kept = state;
                if (state.Trials.Count == steps)
                    interruption.Cancel();
            }
        );
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            first.RunAsync(Case, new BisectState("?", Kernels, []), interruption.Token)
        );

        // Through the file, as another process would have it.
        var read = BisectJson.State(BisectJson.Text(kept!));
        var report = await Search(truth, repeat: 1, _ => { }).RunAsync(Case, read, CancellationToken.None);

        Assert.That(report.FirstBad, Is.EqualTo("k-6.7"));
        Assert.That(_tried, Is.Unique);
    }

    [Test]
    public async Task A_step_whose_verdicts_differ_is_tried_again_and_marked()
    {
        int at = 0;
        var report = await SearchAsync(
            index => index < 10 ? (index == 9 && at++ == 1 ? Verdict.Failed : Verdict.Passed) : Verdict.Failed,
            repeat: 2
        );

        Assert.That(report.FirstBad, Is.EqualTo("k-6.10"));
        Assert.That(report.StepOf("k-6.9")!.Uncertain);
        Assert.That(report.StepOf("k-6.9")!.Results, Has.Count.EqualTo(5));
        Assert.That(report.StepOf("k-6.0")!.Results, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Versions_that_cannot_run_the_case_leave_a_range_and_are_no_hold_up()
    {
        var report = await SearchAsync(index =>
            index is >= 8 and <= 10 ? Verdict.Unsupported
            : index < 9 ? Verdict.Passed
            : Verdict.Failed
        );

        Assert.That(
            (report.Ending, report.LastGood, report.FirstBad),
            Is.EqualTo((BisectEnding.Range, "k-6.7", "k-6.11"))
        );
        Assert.That(report.Between, Is.EqualTo(new[] { "k-6.8", "k-6.9", "k-6.10" }));
        Assert.That(report.IsHeldUp, Is.False);
    }

    [Test]
    public async Task A_machine_that_gets_in_the_way_at_the_turning_point_is_told_apart_from_that(
        [Values(Verdict.Infra, Verdict.Internal)] Verdict verdict
    )
    {
        var report = await SearchAsync(index =>
            index == 9 ? verdict
            : index < 9 ? Verdict.Passed
            : Verdict.Failed
        );

        Assert.That(report.Ending, Is.EqualTo(BisectEnding.Range));
        Assert.That((report.IsHeldUp, report.IsInternal), Is.EqualTo((true, verdict == Verdict.Internal)));
    }

    [Test]
    public async Task A_wrong_scenario_ends_the_search_at_once()
    {
        await Assert.ThrowsAsync<UsageException>(() => SearchAsync(_ => Verdict.Error));
        Assert.That(_tried, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_same_question_goes_on_and_another_one_starts_anew()
    {
        using var scratch = new ScratchFolder();
        string root = Path.Combine(scratch.Path, "bisect-x");
        var state = new BisectState("q1", Kernels, [new BisectTrial("k-6.0", Results.Of("a/b/c", Verdict.Passed))]);
        using (var folder = BisectFolder.Open(root, "q1", Kernels))
        {
            Assert.That((folder.Before, folder.Note), Is.EqualTo(((BisectState?)null, (string?)null)));
            await folder.SaveAsync(state);
            Assert.Throws<UsageException>(() => BisectFolder.Open(root, "q1", Kernels), "one process at a time");
        }

        using (var same = BisectFolder.Open(root, "q1", Kernels))
        {
            Assert.That(same.Before!.Trials, Has.Count.EqualTo(1));
            Assert.That(same.Note, Does.StartWith("going on in ").And.EndsWith("verdicts of k-6.0"));
        }

        using (var other = BisectFolder.Open(root, "q2", Kernels))
            Assert.That(
                (other.Before, other.Note),
                Is.EqualTo(
                    (
                        (BisectState?)null,
                        "starting anew, because the command line or the scenario is another one; the "
                            + $"search before is now in {root}.before-1"
                    )
                )
            );
        Assert.That(File.Exists(Path.Combine(root + ".before-1", "state.json")));
        Assert.That(File.Exists(Path.Combine(root, "state.json")), Is.False);
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{\"question\":\"q1\"}")]
    public void A_damaged_state_is_put_aside_and_not_believed(string text)
    {
        using var scratch = new ScratchFolder();
        scratch.Write("bisect-x/state.json", text);
        using var folder = BisectFolder.Open(Path.Combine(scratch.Path, "bisect-x"), "q1", Kernels);
        Assert.That(folder.Before, Is.Null);
        Assert.That(folder.Note, Does.StartWith("starting anew, because its state.json cannot be read"));
    }

    private Task<BisectReport> SearchAsync(Func<int, Verdict> truth, int repeat = 1) =>
        Search(truth, repeat, _ => { }).RunAsync(Case, new BisectState("?", Kernels, []), CancellationToken.None);

    private KernelSearch Search(Func<int, Verdict> truth, int repeat, Action<BisectState> save) =>
        new(
            repeat,
            (kernel, number, cancellation) =>
            {
                cancellation.ThrowIfCancellationRequested();
                _tried.Add($"{kernel}+{number}");
                var verdict = truth(Array.IndexOf(Kernels, kernel));
                return Task.FromResult(
                    Results.Of($"{Case}-{kernel}+{number}", verdict, verdict == Verdict.Passed ? "" : "because")
                );
            },
            state =>
            {
                save(state);
                return Task.CompletedTask;
            },
            _ => { }
        );
}
