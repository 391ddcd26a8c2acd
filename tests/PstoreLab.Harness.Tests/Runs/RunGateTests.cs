using Microsoft.Extensions.Time.Testing;
using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Processes;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>What ends a run before all of its cases have begun.</summary>
[CancelAfter(120_000)]
public class RunGateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    [Test]
    public void It_closes_at_its_time_limit_and_says_so()
    {
        var time = new FakeTimeProvider();
        using var gate = new RunGate(time, Limit, failFast: false);
        time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.That((gate.Closed.IsCancellationRequested, gate.Why), Is.EqualTo((false, (string?)null)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(
            (gate.Closed.IsCancellationRequested, gate.Why),
            Is.EqualTo((true, "the time limit of 00:20:00 was reached"))
        );
        gate.Close("too late");
        Assert.That(gate.Why, Does.StartWith("the time limit"));
    }

    [TestCase(Verdict.Failed, true)]
    [TestCase(Verdict.Infra, false)]
    [TestCase(Verdict.Known, false)]
    public void It_closes_behind_the_first_failure_where_that_is_asked_for(Verdict verdict, bool closes)
    {
        using var gate = new RunGate(TimeProvider.System, null, failFast: true);
        using var patient = new RunGate(TimeProvider.System, null, failFast: false);
        gate.Add(Results.Of("cycle/a", verdict));
        patient.Add(Results.Of("cycle/a", verdict));
        Assert.That(gate.Why, Is.EqualTo(closes ? "cycle/a failed before it" : null));
        Assert.That(patient.Why, Is.Null);
    }

    [Test]
    public async Task What_runs_goes_on_to_its_verdict_and_nothing_new_begins()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot()) { Slots = new GuestSlots(1, () => 100_000) };
        using var gate = new RunGate(TimeProvider.System, null, failFast: false);
        var first = FakeLab.Cold with { Id = "cycle/first", Source = new SourceLocation("first.yaml", 1, 1) };
        var second = FakeLab.Cold with { Id = "cycle/second", Source = new SourceLocation("second.yaml", 1, 1) };
        // The second has its images when the first one runs, and then waits for the only place.
        var firstRuns = new TaskCompletionSource();
        lab.Images = @case => @case.Id == first.Id ? Task.CompletedTask : firstRuns.Task;
        var running = new LabRun(lab.CaseRunner, Durations.Load(Path.Combine(lab.Scratch, "d.json")), gate).RunAsync(
            [first, second],
            _ => Task.CompletedTask,
            CancellationToken.None
        );
        await Eventually.Holds(
            "the first case runs",
            () => File.Exists(lab.Run.Case(first.Id).Boot(new BootNumber(1)).Console)
        );
        gate.Close("for the test");
        firstRuns.SetResult();
        var results = await running.WaitAsync(TimeSpan.FromSeconds(90));
        Assert.That(results.Select(result => result.Case), Is.EqualTo([first.Id]));
        Assert.That(results[0].Verdict, Is.Not.EqualTo(Verdict.Internal), results[0].Reason);
        Assert.That(Directory.Exists(lab.Run.Case(second.Id).Root), Is.False);
    }

    [Test]
    public async Task Without_a_gate_that_closes_all_run()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(), new FakeBoot(), new FakeBoot());
        using var gate = new RunGate(TimeProvider.System, null, failFast: true);
        var wrong = FakeLab.Cold with
        {
            Id = "cycle/wrong",
            StoreSize = 3,
            Source = new SourceLocation("w.yaml", 1, 1),
        };
        var results = await new LabRun(
            lab.CaseRunner,
            Durations.Load(Path.Combine(lab.Scratch, "d.json")),
            gate
        ).RunAsync([FakeLab.Cold, wrong], _ => Task.CompletedTask, CancellationToken.None);
        Assert.That(results, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_record_knows_what_did_not_run()
    {
        var record = Results.Run([], Results.LeftOver).Record;
        Assert.That(
            record.Without([Results.LeftOver[0].Case]).Select(one => one.Case),
            Is.EqualTo([Results.LeftOver[1].Case])
        );
        var ended = RunRecords.End(record, [Results.Of(Results.LeftOver[0].Case, Verdict.Passed)], "so");
        Assert.That(ended.NotRun.Select(one => (one.Case, one.Why)), Is.EqualTo([(Results.LeftOver[1].Case, "so")]));
    }

    [Test]
    public async Task A_record_comes_back_as_it_was()
    {
        using var folder = new ScratchFolder();
        Assert.That(RunRecord.Read(folder.Path), Is.Null);
        var record = Results.Run([], Results.LeftOver).Record;
        await RunRecords.WriteAsync(new RunFolder(folder.Path), record, CancellationToken.None);
        Assert.That(EvidenceJson.Text(RunRecord.Read(folder.Path)!), Is.EqualTo(EvidenceJson.Text(record)));
        string latest = Path.Combine(folder.Path, "latest");
        Directory.CreateSymbolicLink(latest, folder.Path);
        Assert.That(EvidenceJson.Text(RunRecord.Read(latest)!), Is.EqualTo(EvidenceJson.Text(record)));
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, RunRecord.FileName),
            EvidenceJson.Text(record with { Format = 99 })
        );
        Assert.That(
            Assert.Throws<EvidenceException>(() => RunRecord.Read(folder.Path))!.Message,
            Does.Contain("is of format 99")
        );
    }
}
