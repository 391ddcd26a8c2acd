using PstoreLab.FakeQemu;
using PstoreLab.Harness.Checkpoints;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Cases with restored boots that are run once more with fresh ones, with the fake QEMU.</summary>
public class CheckpointCheckTests
{
    private static readonly FakeBoot Good = new();
    private static readonly FakeBoot Lossy = new(FakeFault.LosesTheNewestLine);
    private static readonly FakeBoot Gone = new(FakeFault.LosesTheRecord);

    /// <summary>A case that may pass or show a bug.</summary>
    private static readonly Case ByChance = FakeLab.Cold with
    {
        Id = "again",
        Known =
        [
            new KnownBug(
                "lost-by-chance",
                new Dictionary<string, string>(),
                PlanBench.OnePanic with
                {
                    Records = [],
                },
                ByChance: true
            ),
        ],
    };

    [Test]
    public async Task Both_ways_agree_and_the_second_leaves_nothing()
    {
        using var lab = await PreparedAsync();
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.IsChecked);
        Assert.That(result.Attempts, Has.Count.EqualTo(1), "a check is no attempt");
        Assert.That(lab.Boots, Is.EqualTo(4 + 2 + 2));
        Assert.That(Directory.GetDirectories(lab.Run.In("checks/fresh/cases")), Is.Empty);
    }

    [Test]
    public async Task A_pass_that_only_restored_boots_give_is_a_failure_however_often_fresh_ones_would_pass()
    {
        using var lab = await PreparedAsync(Good, Good, Lossy, Good);
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.StartWith("with fresh boots, which are in checks/fresh/cases/again: dmesg-erst-")
        );
        Assert.That(result.Findings, Has.Some.Property(nameof(Finding.Held)).False);
        Assert.That(result.IsChecked);
        Assert.That(File.Exists(lab.Run.In("checks/fresh/cases/again/verdict.json")), "the evidence is kept");
        Assert.That(lab.Boots, Is.EqualTo(4 + 4), "a failure is not tried again");
    }

    [Test]
    public async Task What_differs_twice_is_a_finding_and_no_verdict()
    {
        using var lab = await PreparedAsync(Good, Good, Gone, Good, Good, Good, Gone, Good);
        var result = await lab.RunAsync(ByChance);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            result.Reason,
            Does.StartWith("it is not the same with restored boots (A) and with fresh ones (B): passed → known (lost-")
                .And.EndsWith("both are in checks/")
        );
        Assert.That(result.Findings[^1], Has.Property(nameof(Finding.Layer)).EqualTo(CheckpointCheck.Layer));
        Assert.That(result.Findings[^1], Has.Property(nameof(Finding.Held)).False);
        foreach (string way in (string[])["fresh", "restored", "fresh-again"])
            Assert.That(File.Exists(lab.Run.In($"checks/{way}/cases/again/verdict.json")), way);
        Assert.That(lab.Boots, Is.EqualTo(4 + 8));
    }

    [Test]
    public async Task What_two_runs_of_one_way_differ_in_is_chance()
    {
        using var lab = await PreparedAsync(Good, Good, Gone, Good);
        var result = await lab.RunAsync(ByChance);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.IsChecked);
    }

    [Test]
    public async Task A_case_without_a_restored_boot_needs_no_check()
    {
        using var lab = new FakeLab(Good) { Checked = 1 };
        Assert.That((await lab.RunAsync(FakeLab.Cold)).IsChecked, Is.False);
        Assert.That(lab.Boots, Is.EqualTo(2));
    }

    [Test]
    public async Task One_that_is_not_in_the_sample_is_run_once()
    {
        using var lab = await PreparedAsync();
        lab.Checked = 1e-9;
        Assert.That((await lab.RunAsync(FakeLab.Cold with { Id = "again" })).IsChecked, Is.False);
        Assert.That(lab.Boots, Is.EqualTo(4 + 2));
    }

    /// <summary>One with a checkpoint, which took four boots, and what comes then.</summary>
    private static async Task<FakeLab> PreparedAsync(params FakeBoot[] boots)
    {
        var lab = new FakeLab([.. Enumerable.Repeat(Good, 4), .. boots, Good]);
        lab.Checkpoints = new CheckpointStore(
            lab.Runner,
            _ => FakeLab.Qemu,
            new StateBudget(1),
            lab.Time,
            new CheckpointFolder(Path.Combine(lab.Scratch, "checkpoints")),
            progress: null
        );
        Assert.That((await lab.RunAsync(FakeLab.Cold)).Verdict, Is.EqualTo(Verdict.Passed));
        lab.Checked = 1;
        return lab;
    }
}
