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
