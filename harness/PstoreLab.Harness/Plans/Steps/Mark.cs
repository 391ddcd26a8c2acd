using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Has the marker lines of a crash written, with a nonce of their own.</summary>
/// <param name="Number">The crash that this arms.</param>
public sealed record Mark(CrashNumber Number, string Nonce, int Count) : PlanStep
{
    public override string Describe(PlannedBoot boot) => $"agent: {Request} (arms crash {Number})";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Ask(Request);
        script.Nonce = Nonce;
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        await cycle.AskAsync(Request, cancellation);
        cycle.Enter(CycleState.Armed);
    }

    private AgentRequest.WriteMarkers Request => new(Nonce, Count);
}
