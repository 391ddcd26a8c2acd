using PstoreLab.Harness.Evidence;

namespace PstoreLab.Scenarios.Controls;

/// <summary>That verdicts can be other than passed, and blame whom they should.</summary>
[Category("Quick")]
[NonParallelizable]
public sealed class VerdictTests
{
    [Test]
    public async Task A_record_that_is_expected_and_not_there_is_failed()
    {
        var folder = await Fixture.FolderAsync();
        var result = await Fixture.RunAsync(Fixture.Case(Fixture.MustFail), folder, freshBoots: true);

        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed), result.Reason);
        Assert.That(result.Attempts, Has.Count.EqualTo(1), "a product failure is never tried again");
        Assert.That(result.Findings, Has.Some.Matches<Finding>(finding => finding is { Held: false, Layer: "store" }));
    }

    [Test]
    public async Task So_is_one_behind_restored_boots_and_fresh_ones_have_shown_it()
    {
        var folder = await Fixture.FolderAsync();
        // What is wanted for the third time has a checkpoint.
        await Fixture.RunAsync(Fixture.Case(Fixture.MustFail).Repeated(1), folder);
        await Fixture.RunAsync(Fixture.Case(Fixture.MustFail).Repeated(2), folder);
        var result = await Fixture.RunAsync(Fixture.Case(Fixture.MustFail).Repeated(3), folder);

        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed), result.Reason);
        Assert.That(result.Attempts.Select(attempt => attempt.Verdict), Is.EqualTo([Verdict.Failed, Verdict.Failed]));
        Assert.That(
            Restored(result.Attempts[0]).Concat(Restored(result.Attempts[1])),
            Is.EqualTo([true, false, false, false]),
            "the second boot is a warm one"
        );

        IEnumerable<bool> Restored(Attempt attempt) =>
            EvidenceJson
                .Kept<CycleLog>(Path.Combine(folder.Root, attempt.Folder, "cycle.json"))
                .Boots.Select(boot => boot.IsRestored);
    }

    [Test]
    public async Task A_guest_that_is_killed_once_passes_at_its_second_attempt()
    {
        var folder = await Fixture.FolderAsync();
        var running = Fixture.RunAsync(Fixture.Case(Fixture.CrashCase), folder, freshBoots: true);

        Signal.Kill(await Guests.BootingAsync(folder.Root));

        var result = await running;
        Assert.That(
            result.Attempts.Select(attempt => attempt.Verdict),
            Is.EqualTo([Verdict.Infra, Verdict.Passed]),
            result.Reason
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed));
        Assert.That(
            File.Exists(Path.Combine(folder.Root, result.Attempts[0].Folder, "boot-1", "console.log")),
            "the first attempt is kept"
        );
    }

    [Test]
    public async Task A_guest_that_is_killed_at_every_attempt_is_infra()
    {
        var folder = await Fixture.FolderAsync();
        var running = Fixture.RunAsync(Fixture.Case(Fixture.CrashCase), folder, freshBoots: true);

        for (int attempt = 0; attempt < 3; attempt++)
        {
            Signal.Kill(await Guests.BootingAsync(folder.Root));
            await Guests.NoneLeftAsync(folder.Root);
        }

        var result = await running;
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra), result.Reason);
        Assert.That(result.Attempts, Has.Count.EqualTo(3));
        Assert.That(result.Reason, Does.Contain("QEMU ended (exit code 137)"));
    }
}
