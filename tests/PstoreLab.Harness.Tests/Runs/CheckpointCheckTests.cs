using PstoreLab.FakeQemu;
using PstoreLab.Harness.Checkpoints;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Cases with restored boots that are run once more with fresh ones, with the fake QEMU.</summary>
public class CheckpointCheckTests
{
    private static readonly FakeBoot Good = new();
    private static readonly FakeBoot Lossy = new(FakeFault.LosesTheNewestLine);

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
    public async Task A_pass_that_only_restored_boots_give_is_none()
    {
        using var lab = await PreparedAsync(Good, Good, Lossy, Good, Good, Good, Lossy, Good);
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            result.Reason,
            Does.StartWith(
                    "it is not the same with restored boots (A) and with fresh ones (B): passed → failed (dmesg-erst-"
                )
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
        using var lab = await PreparedAsync(Good, Good, Lossy, Good);
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
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
