using PstoreLab.Harness.Plans.Scripts;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Waits for the agent of a guest that resets inside the same QEMU.</summary>
public sealed record WarmBoot : PlanStep
{
    public override string Describe(PlannedBoot boot) =>
        $"warm boot in the same machine, boot {boot.Number}, {boot.Kernel}";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Line("");
        script.Say($"boot {script.Boot.Number}: {script.Boot.Kernel}, in the same machine");
        script.Ready();
    }

    internal override Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        cycle.WarmBootAsync(cancellation);
}
