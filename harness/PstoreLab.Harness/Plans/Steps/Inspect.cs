using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>
/// Reads <c>/sys/fs/pstore</c> whole, and in a systemd guest, when systemd-pstore.service is done, the archive and the
/// journal of this boot; the oracle checks them against the expectation later.
/// </summary>
/// <param name="Expectation">With each crash by its number.</param>
public sealed record Inspect(InspectionNumber Number, Expectation Expectation) : PlanStep
{
    public override string Describe(PlannedBoot boot) =>
        $"inspect /sys/fs/pstore ({Expectation.Source}): {ExpectationText.Of(Expectation)}";

    internal override void WriteTo(ScriptWriter script)
    {
        script.LastInspection = Number;
        script.Ask(script.HasSystemd ? new AgentRequest.InspectSystemd() : new AgentRequest.Records());
        script.Line($"keep records-{Number}");
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        AgentRequest request = cycle.HasSystemd ? new AgentRequest.InspectSystemd() : new AgentRequest.Records();
        await cycle.KeepInspectionAsync(Number, await cycle.AskAsync(request, cancellation), cancellation);
    }
}
