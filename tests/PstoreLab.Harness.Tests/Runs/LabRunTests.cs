using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Runs;

[CancelAfter(120_000)]
public class LabRunTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    private string DurationsFile => Path.Combine(_folder.Path, "cache", "durations.json");

    [Test]
    public async Task The_longest_case_is_begun_first_and_an_unknown_one_before_it()
    {
        _folder.Write("cache/durations.json", """{"short": 1, "long": 30, "middle": 4}""");
        var images = new ImagesThatRefuse();
        var results = await Run(images)
            .RunAsync(Cases("short", "middle", "unknown", "long"), _ => Task.CompletedTask, CancellationToken.None);
        Assert.That(images.Asked, Is.EqualTo(["unknown", "long", "middle", "short"]));
        Assert.That(
            results.Select(result => result.Case),
            Is.EqualTo(["short", "middle", "unknown", "long"]),
            "told in the order they were given in"
        );
        Assert.That(results.Select(result => result.Verdict), Is.All.EqualTo(Verdict.Unsupported));
    }

    [Test]
    public async Task A_fault_of_ours_ends_the_run_and_is_thrown()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.HangsInBoot));
        var run = new LabRun(lab.CaseRunner, Durations.Load(DurationsFile));
        var unsupported = FakeLab.Cold with { Id = "cycle/unsupported", StoreSize = 3 };
        var running = run.RunAsync(
            [FakeLab.Cold, unsupported],
            _ => throw new IOException("no space left"),
            CancellationToken.None
        );
        var fault = await Assert.ThrowsAsync<IOException>(() => running.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.That(fault!.Message, Is.EqualTo("no space left"));
    }

    [Test]
    public async Task What_has_finished_is_told_after_a_cancellation()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.HangsInBoot));
        using var cancellation = new CancellationTokenSource();
        var told = new List<string>();
        var results = await new LabRun(lab.CaseRunner, Durations.Load(DurationsFile))
            .RunAsync(
                [FakeLab.Cold, FakeLab.Cold with { Id = "cycle/wrong", StoreSize = 3 }],
                async result =>
                {
                    told.Add(result.Case);
                    await cancellation.CancelAsync();
                },
                cancellation.Token
            )
            .WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(told, Is.EqualTo(["cycle/wrong"]));
        Assert.That(
            results.Select(result => (result.Case, result.Verdict)),
            Is.EqualTo([("cycle/wrong", Verdict.Error)])
        );
    }

    [Test]
    public async Task How_long_cases_took_is_remembered_but_for_those_that_never_ran()
    {
        var durations = Durations.Load(DurationsFile);
        Assert.That(durations.Of("a"), Is.EqualTo(double.MaxValue));
        await durations.SaveAsync(
            [Results.Of("a", Verdict.Passed, seconds: 2.5), Results.Of("b", Verdict.Unsupported)],
            CancellationToken.None
        );
        var again = Durations.Load(DurationsFile);
        Assert.That((again.Of("a"), again.Of("b")), Is.EqualTo((2.5, double.MaxValue)));
    }

    [Test]
    public async Task Repetitions_are_remembered_as_the_case_that_they_repeat()
    {
        _folder.Write("cache/durations.json", """{"a+1": 7, "a+2": 8, "b": 9}""");
        var durations = Durations.Load(DurationsFile);
        Assert.That((durations.Of("a"), durations.Of("b+3")), Is.EqualTo((double.MaxValue, 9.0)));
        await durations.SaveAsync(
            [Results.Of("a+1", Verdict.Passed, seconds: 2.5), Results.Of("a+2", Verdict.Passed, seconds: 3.5)],
            CancellationToken.None
        );
        Assert.That(File.ReadAllText(DurationsFile), Does.Not.Contain("+"));
        Assert.That(Durations.Load(DurationsFile).Of("a+17"), Is.EqualTo(3.5));
    }

    [TestCase("")]
    [TestCase("{\"a\": ")]
    [TestCase("{\"a\": \"long\"}")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Durations_that_cannot_be_read_are_as_good_as_none(string text)
    {
        _folder.Write("cache/durations.json", text);
        Assert.That(Durations.Load(DurationsFile).Of("a"), Is.EqualTo(double.MaxValue));
    }

    // Of scenarios of their own: none is run behind another.
    private static Case[] Cases(params string[] ids) =>
        [.. ids.Select(id => FakeLab.Cold with { Id = id, Source = new SourceLocation($"{id}.yaml", 1, 1) })];

    private LabRun Run(ICaseImages images) =>
        new(
            new CaseRunner(
                new CaseAttempt(
                    new PstoreLab.Harness.Processes.ProcessRunner(),
                    _ => "/nowhere/qemu",
                    images,
                    new GuestSlots(1, () => 100_000),
                    new Accelerator("tcg", "", 1, 1, ""),
                    checkpoints: null,
                    RunFolder,
                    TimeProvider.System
                ),
                RunFolder,
                TimeProvider.System
            ),
            Durations.Load(DurationsFile)
        );

    private RunFolder RunFolder => new(Path.Combine(_folder.Path, "run"));

    private sealed class ImagesThatRefuse : ICaseImages
    {
        public List<string> Asked { get; } = [];

        public Task<GuestImages> ForAsync(Case @case, CancellationToken cancellation)
        {
            Asked.Add(@case.Id);
            throw new UnsupportedException("not here");
        }
    }
}
