using PstoreLab.Harness.Plans.Scripts;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Runs a line of shell in the guest.</summary>
/// <param name="Number">Number of the command in the case, from 1.</param>
/// <param name="Exit">The exit code that it must end with.</param>
/// <param name="Source">The line of the scenario that asks for it.</param>
public sealed record RunInGuest(int Number, string Command, int Exit, string Source) : PlanStep
{
    public override string Describe(PlannedBoot boot) =>
        $"in the guest: {Command}, which must end with exit code {Exit}";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Say($"in the guest: {Command}");
        script.Ask(Request);
        script.Line("base64 -d <<<\"$payload\"");
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        await cycle.KeepRunAsync(Number, await cycle.AskAsync(Request, cancellation), cancellation);

    private AgentRequest.Run Request => new(Command);
}
