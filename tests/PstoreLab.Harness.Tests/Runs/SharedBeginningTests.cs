using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>
/// Cells of a scenario that begin alike: what is done once, what each has of it, and who must not share.
/// </summary>
[CancelAfter(120_000)]
public class SharedBeginningTests
{
    private static Case First { get; } = FakeLab.Cold with { Id = "cycle/record-whole/first" };

    private static Case Second { get; } = FakeLab.Cold with { Id = "cycle/record-whole/second" };

    private static Case Damaged { get; } =
        FakeLab.Cold with
        {
            Id = "cycle/record-whole/damaged",
            Steps =
            [
                PlanBench.Boot(),
                PlanBench.Crash(),
                PlanBench.Damage(new Truncate(1, 900)),
                PlanBench.Cold(),
                PlanBench.Expect(),
            ],
        };

    [Test]
    public async Task The_crash_that_all_begin_with_is_made_once_and_each_has_its_evidence()
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await RunAsync(lab, First, Second, Second with { Id = "cycle/record-whole/third" });
        Assert.That(results.Select(result => (result.Verdict, result.Reason)), Is.All.EqualTo((Verdict.Passed, "")));
        Assert.That(lab.Boots, Is.EqualTo(4), "one crash and three readers");
        Assert.That(results.Select(result => result.Nonces.Single()).Distinct().Count(), Is.EqualTo(1));
        var cycles = results.Select(result => EvidenceJson.Read<CycleLog>(lab.Run.Case(result.Case).Cycle)!).ToList();
        Assert.That(cycles.Count(cycle => cycle.BegunBy is null), Is.EqualTo(1));
        Assert.That(
            cycles.Select(cycle => cycle.BegunBy).OfType<string>(),
            Is.All.EqualTo(results[cycles.FindIndex(cycle => cycle.BegunBy is null)].Case)
        );
        foreach (var cycle in cycles)
        {
            Assert.That(cycle.Boots.Select(boot => boot.Number.Value), Is.EqualTo([1, 2]));
            Assert.That(cycle.Transitions.Select(transition => transition.At), Is.Ordered);
            Assert.That(cycle.Transitions.Count(transition => transition.State == CycleState.Crashing), Is.EqualTo(1));
        }

        foreach (var result in results)
        {
            var folder = lab.Run.Case(result.Case);
            Assert.That(Judge.Of(folder).Verdict, Is.EqualTo(Verdict.Passed), "from its folder alone");
            Assert.That(File.ReadAllText(folder.Boot(new BootNumber(1)).Console), Does.Contain(result.Nonces[0]));
            Assert.That(
                File.ReadAllBytes(folder.Store),
                Is.EqualTo(File.ReadAllBytes(folder.Boot(new BootNumber(1)).Store))
            );
        }
    }

    [Test]
    public async Task What_one_does_to_its_store_afterwards_is_not_seen_by_another()
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await RunAsync(lab, Damaged, First);
        Assert.That(
            results.Select(result => result.Verdict),
            Is.EqualTo([Verdict.Failed, Verdict.Passed]),
            results[1].Reason
        );
        Assert.That(lab.Boots, Is.EqualTo(3));
        Assert.That(File.Exists(lab.Run.Case(First.Id).Boot(new BootNumber(1)).DamagedStore), Is.False);
        Assert.That(
            File.ReadAllBytes(lab.Run.Case(Damaged.Id).Boot(new BootNumber(1)).DamagedStore),
            Is.Not.EqualTo(File.ReadAllBytes(lab.Run.Case(First.Id).Boot(new BootNumber(1)).Store))
        );
    }

    public static IEnumerable<TestCaseData<Case>> Independent =>
        [
            new TestCaseData<Case>(First.Repeated(2)).SetArgDisplayNames("a repetition"),
            new TestCaseData<Case>(
                Second with
                {
                    Source = Second.Source with { File = "scenarios/cycle/another.yaml" },
                }
            ).SetArgDisplayNames("another scenario"),
            new TestCaseData<Case>(
                Second with
                {
                    Parameters = new Dictionary<string, string> { ["pstore.compress"] = "none" },
                }
            ).SetArgDisplayNames("other parameters"),
            new TestCaseData<Case>(FakeLab.Warm with { Id = Second.Id }).SetArgDisplayNames(
                "one machine from first to last"
            ),
        ];

    [TestCaseSource(nameof(Independent))]
    public async Task What_is_to_be_independent_or_begins_otherwise_boots_by_itself(Case other)
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await RunAsync(lab, First, other);
        Assert.That(
            results.Select(result => result.Verdict),
            Is.All.EqualTo(Verdict.Passed),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(lab.Boots, Is.EqualTo(4));
        Assert.That(
            results.Select(result => EvidenceJson.Read<CycleLog>(lab.Run.Case(result.Case).Cycle)!.BegunBy),
            Is.All.Null
        );
    }

    [Test]
    public async Task Where_the_first_does_not_come_so_far_the_next_goes_ahead_and_the_first_tries_again_alone()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.Dies), new FakeBoot());
        var results = await RunAsync(lab, First, Second);
        Assert.That(
            results.Select(result => result.Verdict),
            Is.All.EqualTo(Verdict.Passed),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(results.Select(result => result.Attempts.Count).Order(), Is.EqualTo([1, 2]));
        Assert.That(lab.Boots, Is.EqualTo(5), "the boot that failed, and two cases of two boots");
    }

    [Test]
    public async Task Where_one_fails_later_what_was_begun_still_serves_the_others()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(FakeFault.Dies), new FakeBoot());
        var results = await RunAsync(lab, First, Second);
        Assert.That(
            results.Select(result => result.Verdict),
            Is.All.EqualTo(Verdict.Passed),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(results.Sum(result => result.Attempts.Count), Is.EqualTo(3));
        foreach (var result in results)
            Assert.That(Judge.Of(lab.Run.Case(result.Case)).Verdict, Is.EqualTo(Verdict.Passed));
    }

    private static async Task<CaseResult[]> RunAsync(FakeLab lab, params Case[] cases)
    {
        var runner = lab.CaseRunner;
        return await Task.WhenAll(cases.Select(@case => runner.RunAsync(@case, CancellationToken.None)))
            .WaitAsync(TimeSpan.FromSeconds(90));
    }
}
