using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Guests;

/// <summary>Where checkpoints come from.</summary>
public interface ICheckpoints
{
    /// <summary>Whether there is a checkpoint of a boot now.</summary>
    bool IsThere(Plan plan, PlannedBoot boot, PowerOn on);

    /// <summary>
    /// A checkpoint of a boot; null where there is none yet and none is worth to be made, or where none can be.
    /// </summary>
    Task<Checkpoint?> FindAsync(Plan plan, PlannedBoot boot, PowerOn on, CancellationToken cancellation);

    /// <summary>A checkpoint turned out to be of no use.</summary>
    Task DiscardAsync(Checkpoint checkpoint, string reason, CancellationToken cancellation);
}
