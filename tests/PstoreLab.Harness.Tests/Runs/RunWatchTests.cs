using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Who watches a run sees what its cycle log has, while it goes on.</summary>
public sealed class RunWatchTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Every_state_is_seen_with_its_boot(bool checkpoints)
    {
        var watch = new Seen();
        using var lab = new FakeLab(new FakeBoot())
        {
            Watch = watch,
            Checkpoints = checkpoints ? new NoCheckpoints() : null,
        };
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That((result.Verdict, result.Reason), Is.EqualTo((Verdict.Passed, "")));
        string[] boot = checkpoints ? ["Restoring", "Booting"] : ["Booting"];
        Assert.That(
            watch.Events,
            Is.EqualTo([
                "begins",
                .. boot.Select(state => $"1 {state}"),
                "1 Ready",
                "1 Armed",
                "1 Crashing",
                "1 Committed",
                "1 Off",
                .. boot.Select(state => $"2 {state}"),
                "2 Ready",
                "2 Off",
                "ends",
            ])
        );
        var log = EvidenceJson.Read<CycleLog>(lab.Run.Case(FakeLab.Cold.Id).Cycle)!;
        Assert.That(
            log.Transitions.Skip(1).Select(transition => $"{transition.State}"),
            Is.EqualTo(watch.Events.Skip(1).SkipLast(1).Select(one => one.Split(' ')[1]))
        );
    }

    private sealed class Seen : IRunWatch, IAttemptWatch
    {
        private readonly List<string> _events = [];

        public IReadOnlyList<string> Events => _events;

        public IAttemptWatch Begin(string caseId, CaseFolder folder)
        {
            Assert.That(caseId, Is.EqualTo(FakeLab.Cold.Id));
            _events.Add("begins");
            return this;
        }

        public void Entered(CycleState state, BootNumber boot) => _events.Add($"{boot} {state}");

        public void Dispose() => _events.Add("ends");
    }

    private sealed class NoCheckpoints : ICheckpoints
    {
        public bool IsThere(Plan plan, PlannedBoot boot, PowerOn on) => false;

        public Task<Checkpoint?> FindAsync(Plan plan, PlannedBoot boot, PowerOn on, CancellationToken cancellation) =>
            Task.FromResult<Checkpoint?>(null);

        public Task DiscardAsync(Checkpoint checkpoint, string reason, CancellationToken cancellation) =>
            throw new InvalidOperationException("none was given");
    }
}
