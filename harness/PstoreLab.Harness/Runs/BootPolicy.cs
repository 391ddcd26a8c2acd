namespace PstoreLab.Harness.Runs;

/// <summary>What may stand for the boots of a run.</summary>
/// <param name="IsFresh">Whether nothing may: every guest boots all the way.</param>
/// <param name="CheckedShare">The share of cases, 0 to 1, that are run once more with fresh boots after restored
/// ones. See <see cref="CheckpointCheck"/>.</param>
public sealed record BootPolicy(bool IsFresh, double CheckedShare)
{
    /// <summary>Checkpoints, of which one case in fifty is checked.</summary>
    public static BootPolicy Default { get; } = new(IsFresh: false, CheckedShare: 0.02);

    /// <summary>No checkpoints.</summary>
    public static BootPolicy Fresh { get; } = new(IsFresh: true, CheckedShare: 0);
}
