using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>An exception that nobody expected is its case's alone: it is reported, and no other case suffers.</summary>
[CancelAfter(120_000)]
public class InternalFaultTests
{
    private static Case Bad { get; } = FakeLab.Cold with { Id = "cycle/bad" };

    [Test]
    public async Task The_case_is_internal_and_the_others_go_on()
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await RunAsync(lab, new ImagesThatBreak(lab), Bad, FakeLab.Cold);
        Assert.That(
            results.Select(result => (result.Verdict, result.Attempts.Count)),
            Is.EqualTo([(Verdict.Internal, 1), (Verdict.Passed, 1)])
        );
        string folder = lab.Run.Case(Bad.Id).Root;
        Assert.That(
            results[0].Reason,
            Is.EqualTo(
                "InvalidOperationException: it is broken; this is a fault of PstoreLab, please report it with " + folder
            )
        );
        Assert.That(
            File.ReadAllText(lab.Run.Case(Bad.Id).InternalError),
            Does.StartWith("System.InvalidOperationException: it is\nbroken").And.Contain("   at ")
        );
        Directory.CreateDirectory(lab.Run.Root);
        await ReportCatalogue.WriteAllAsync(lab.Run, Results.Run(results), CancellationToken.None);
        Assert.That(File.ReadAllText(lab.Run.In("junit.xml")), Does.Contain("type=\"internal\""));
        Assert.That(
            File.ReadAllText(lab.Run.In("results.ktap")),
            Does.Contain("not ok 1 cycle/bad # ERROR internal\n")
        );
    }

    [Test]
    public async Task Evidence_that_cannot_be_put_aside_ends_no_run()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.EndsAtOnce));
        // A file is where the evidence of the first attempt goes.
        string aside = RunFolder.PreviousAttempt(lab.Run.Case(FakeLab.Cold.Id).Root, 1);
        Directory.CreateDirectory(Path.GetDirectoryName(aside)!);
        File.WriteAllText(aside, "");
        var result = (await RunAsync(lab, lab, FakeLab.Cold))[0];
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(result.Reason, Does.StartWith("the evidence cannot be kept in "));
    }

    /// <summary>Cases wait for images and a place to run; two that ran one after the other must not overlap.</summary>
    [Test]
    public async Task A_case_starts_when_its_attempt_does()
    {
        using var lab = new FakeLab(new FakeBoot());
        var begun = lab.Time.GetUtcNow();
        var images = new ImagesThatTakeAMinute(lab);
        var result = (await RunAsync(lab, images, FakeLab.Cold))[0];
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Started, Is.GreaterThanOrEqualTo(begun + TimeSpan.FromSeconds(59)));
    }

    private static Task<IReadOnlyList<CaseResult>> RunAsync(FakeLab lab, ICaseImages images, params Case[] cases)
    {
        var attempt = new CaseAttempt(
            lab.Runner,
            _ => FakeLab.Qemu,
            images,
            new GuestSlots(2, () => 100_000),
            new Accelerator("tcg", "for the test", 1, 1, ""),
            checkpoints: null,
            lab.Run,
            lab.Time
        );
        return new LabRun(
            new CaseRunner(attempt, lab.Run, lab.Time),
            Durations.Load(Path.Combine(lab.Scratch, "durations.json"))
        )
            .RunAsync(cases, _ => Task.CompletedTask, CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(90));
    }

    private sealed class ImagesThatBreak(FakeLab lab) : ICaseImages
    {
        public Task<GuestImages> ForAsync(Case @case, CancellationToken cancellation) =>
            @case == Bad ? throw new InvalidOperationException("it is\nbroken") : lab.ForAsync(@case, cancellation);
    }

    private sealed class ImagesThatTakeAMinute(FakeLab lab) : ICaseImages
    {
        public async Task<GuestImages> ForAsync(Case @case, CancellationToken cancellation)
        {
            var minute = Task.Delay(TimeSpan.FromMinutes(1), lab.Time, cancellation);
            lab.Time.RunOut();
            await minute;
            return await lab.ForAsync(@case, cancellation);
        }
    }
}
