using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>A case of restored boots, beside a guest that leaves no memory for one that boots.</summary>
public class ReservedCheckpointsTests
{
    private static readonly Checkpoint Kept = new("/nowhere", [], TouchesStores: false);

    private ScratchFolder _folder = null!;
    private GuestSlots.Slot _beside = null!;
    private GuestSlots.Slot _slot = null!;
    private Plan _plan = null!;

    [SetUp]
    public async Task TakeThePlaces()
    {
        _folder = new ScratchFolder();
        var slots = new GuestSlots(2, () => 512 + ((512 + 192) / 2) + 128);
        _beside = await slots.TakeAsync(512, CancellationToken.None);
        _slot = await slots.TakeAsync(512, CancellationToken.None, isRestored: true);
        _plan = PlanBench.Plan(FakeLab.Cold, _folder);
    }

    [TearDown]
    public void LeaveThem()
    {
        _slot.Dispose();
        _beside.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Where_there_is_one_nothing_is_waited_for() =>
        Assert.That(Find(new Known(IsThere: true, Kept)).IsCompletedSuccessfully);

    [TestCase(false, Description = "it is to be made")]
    [TestCase(true, Description = "it has gone meanwhile")]
    public async Task Where_there_is_none_the_machine_gets_its_memory_before_it_boots(bool isThere)
    {
        var known = new Known(isThere, null);
        var found = Find(known);
        Assert.That((found.IsCompleted, known.Asked), Is.EqualTo((false, isThere)));
        _beside.Dispose();
        Assert.That(await found.WaitAsync(TimeSpan.FromSeconds(20)), Is.Null);
        Assert.That(known.Asked);
    }

    [Test]
    public async Task Nor_does_it_boot_without_it_when_one_was_of_no_use()
    {
        var known = new Known(IsThere: true, Kept);
        var discarded = new ReservedCheckpoints(known, _slot).DiscardAsync(Kept, "no use", CancellationToken.None);
        Assert.That((discarded.IsCompleted, known.Asked), Is.EqualTo((false, true)));
        _beside.Dispose();
        await discarded.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private Task<Checkpoint?> Find(Known known) =>
        new ReservedCheckpoints(known, _slot).FindAsync(
            _plan,
            _plan.Boots[0],
            _plan.Steps.OfType<PowerOn>().First(),
            CancellationToken.None
        );

    private sealed record Known(bool IsThere, Checkpoint? Found) : ICheckpoints
    {
        public bool Asked { get; private set; }

        bool ICheckpoints.IsThere(Plan plan, PlannedBoot boot, PowerOn on) => IsThere;

        public Task<Checkpoint?> FindAsync(Plan plan, PlannedBoot boot, PowerOn on, CancellationToken cancellation)
        {
            Asked = true;
            return Task.FromResult(Found);
        }

        public Task DiscardAsync(Checkpoint checkpoint, string reason, CancellationToken cancellation)
        {
            Asked = true;
            return Task.CompletedTask;
        }
    }
}
