using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// The checkpoints of a case whose place has only the memory of restored guests: it waits for the rest before a machine
/// boots after all, to be kept as a checkpoint or because there is none.
/// </summary>
internal sealed class ReservedCheckpoints(ICheckpoints checkpoints, GuestSlots.Slot slot) : ICheckpoints
{
    public bool IsThere(Plan plan, PlannedBoot boot, PowerOn on) => checkpoints.IsThere(plan, boot, on);

    public async Task<Checkpoint?> FindAsync(Plan plan, PlannedBoot boot, PowerOn on, CancellationToken cancellation)
    {
        if (!IsThere(plan, boot, on))
            await slot.GrowAsync(cancellation);
        var found = await checkpoints.FindAsync(plan, boot, on, cancellation);
        // It may have gone meanwhile.
        if (found is null)
            await slot.GrowAsync(cancellation);
        return found;
    }

    public async Task DiscardAsync(Checkpoint checkpoint, string reason, CancellationToken cancellation)
    {
        await checkpoints.DiscardAsync(checkpoint, reason, cancellation);
        await slot.GrowAsync(cancellation);
    }
}
