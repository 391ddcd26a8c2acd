using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>
/// Sets off an oops that the kernel survives, and waits until the console shows its end and the agent answers.
/// </summary>
/// <param name="ConsolePattern">The line of the console with which the kernel's report of it ends.</param>
public sealed record Oops(CrashNumber Number, string Trigger, AgentRequest Request, string ConsolePattern) : PlanStep
{
    /// <summary>How many there are: as many as processors that oops in the same moment.</summary>
    public int Times
    {
        // Not in a plan.json from before there were several.
        get => Math.Max(field, 1);
        init;
    } = 1;

    public override string Describe(PlannedBoot boot) =>
        $"crash {Number}, {Trigger}: agent: {Request}, then wait for \"{ConsolePattern}\" "
        + $"{(Times > 1 ? $"{Times} times " : "")}and the agent";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Say($"crash {Number}: {Trigger}");
        if (script.Next is AwaitStore)
            script.Line("cp store store.seen");
        script.Ask(Request);
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        cycle.Enter(CycleState.Crashing);
        await cycle.SurviveAsync(this, cancellation);
        cycle.Enter(CycleState.Committed);
    }
}
