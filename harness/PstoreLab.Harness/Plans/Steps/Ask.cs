using PstoreLab.Harness.Plans.Scripts;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Sends the agent a request and waits for its answer.</summary>
public sealed record Ask(AgentRequest Request) : PlanStep
{
    public override string Describe(PlannedBoot boot) => $"agent: {Request}";

    internal override void WriteTo(ScriptWriter script) => script.Ask(Request);

    internal override Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        cycle.AskAsync(Request, cancellation);
}
