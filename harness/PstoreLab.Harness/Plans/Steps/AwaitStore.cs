using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>
/// Waits until the store on the host holds the records of a crash, for a backend that writes some time later. Where
/// none comes, the oracle says so.
/// </summary>
/// <param name="Seconds">The longest wait.</param>
public sealed record AwaitStore(CrashNumber Number, string Nonce, int Seconds) : PlanStep
{
    /// <summary>How many records it leaves.</summary>
    public int Records
    {
        // Not in a plan.json from before there were several.
        get => Math.Max(field, 1);
        init;
    } = 1;

    public override string Describe(PlannedBoot boot) =>
        $"wait until the store holds {(Records > 1 ? $"{Records} records" : "the record")} of crash {Number}, "
        + $"{Seconds} s at most";

    internal override void WriteTo(ScriptWriter script) => script.Line($"written {Seconds}");

    internal override Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        cycle.AwaitStoreAsync(Nonce, Records, TimeSpan.FromSeconds(Seconds), cancellation);
}
