using PstoreLab.Harness.Plans.Scripts;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Ends QEMU under a healthy guest.</summary>
/// <param name="Request">What the agent is asked for, in a guest that ends QEMU by shutting itself down; null for one
/// that has nothing to lose.</param>
public sealed record PowerOff(AgentRequest? Request = null) : PlanStep
{
    public override string Describe(PlannedBoot boot) =>
        Request is null ? "end QEMU under the healthy guest" : $"agent: {Request}, then wait for the end of QEMU";

    internal override void WriteTo(ScriptWriter script)
    {
        if (Request is not null)
            script.Send(Request);
        script.Line(Request is null ? "kill \"$qemu\"; wait \"$qemu\"" : "wait \"$qemu\"");
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        cycle.Enter(CycleState.Restarting);
        await cycle.PowerOffAsync(Request, cancellation);
        await cycle.KeepStoresAsync(cancellation);
    }
}
