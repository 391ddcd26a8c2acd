using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Damages the store that a dead guest has left, before the next one finds it.</summary>
/// <param name="Number">Number of the damage in the case, from 1.</param>
public sealed record DamageStore(int Number, Damage Damage) : PlanStep
{
    /// <summary>No guest runs.</summary>
    public override Blame Blame(PlannedBoot boot) => Plans.Blame.Ours;

    public override string Describe(PlannedBoot boot) => $"damage {Number}: {Damage}";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Say($"damage {Number}: {Damage}");
        script.Line($"damage ../boot-{script.Boot.Number}/store.damaged");
    }

    internal override Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        cycle.DamageAsync(Number, Damage, cancellation);
}
