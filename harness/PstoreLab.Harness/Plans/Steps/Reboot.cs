using PstoreLab.Harness.Plans.Scripts;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Has a healthy guest reset and waits for the reset.</summary>
public sealed record Reboot : PlanStep
{
    public override string Describe(PlannedBoot boot) => "agent: reboot, then wait for the guest's reset";

    internal override void WriteTo(ScriptWriter script) => script.Send(new AgentRequest.Reset());

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        cycle.Enter(CycleState.Restarting);
        await cycle.RebootAsync("the reset of a healthy guest", cancellation);
        await cycle.KeepStoresAsync(cancellation);
    }
}
