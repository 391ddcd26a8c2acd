using System.Globalization;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Kills QEMU.</summary>
/// <param name="Request">What the agent is asked for first; null leaves the guest in good health.</param>
/// <param name="After">The text of a console line that is waited for; null for at once, with the marker lines written
/// and nothing gone wrong.</param>
/// <param name="Point">How long to wait behind that.</param>
public sealed record CutPower(CrashNumber Number, AgentRequest? Request, string? After, CutPoint? Point = null)
    : PlanStep
{
    public override string Describe(PlannedBoot boot) =>
        $"cut the power (crash {Number})"
        + (Request is null ? "" : $" during agent: {Request}")
        + (After is null ? "" : $", once the console shows \"{After}\"")
        + (Point is null ? "" : $" and {Point}");

    internal override void WriteTo(ScriptWriter script)
    {
        script.Say($"crash {Number}: the power is cut");
        if (Point is { Lines: null })
            script.Line("cp store store.seen");
        if (Request is not null)
            script.Send(Request);
        if (After is not null)
            script.Line($"shown {ShellWords.Quote(After)}");
        if (Point is { Lines: null } point)
            script.Line(string.Create(CultureInfo.InvariantCulture, $"changed; sleep {point.Microseconds / 1e6:f6}"));
        script.Line("kill -KILL \"$qemu\"; wait \"$qemu\" 2>/dev/null");
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        await cycle.CutPowerAsync(this, cancellation);
        await cycle.KeepStoresAsync(cancellation);
    }
}
