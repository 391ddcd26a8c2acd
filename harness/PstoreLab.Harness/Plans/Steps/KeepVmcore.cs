using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>
/// Keeps what the capture kernel (crash kernel) finds in <c>/proc/vmcore</c>, then has it reset the machine, which is
/// the end of the crash.
/// </summary>
public sealed record KeepVmcore : PlanStep
{
    private static readonly AgentRequest Request = new AgentRequest.Vmcore();

    public override string Describe(PlannedBoot boot) =>
        $"capture kernel's agent: {Request}, then reboot, and wait for the guest's reset";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Ask(Request);
        script.Line($"keep vmcore-{script.Boot.Number}");
        script.Line($"dump vmcore-{script.Boot.Number} {ShellWords.Quote(script.Nonce)}");
        script.Send(new AgentRequest.Reset());
        script.AwaitEnd(CrashEnd.Reset);
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        cycle.KeepVmcore(await cycle.AskAsync(Request, cancellation));
        await cycle.RebootAsync("the reset by the capture kernel", cancellation);
        await cycle.CommitAsync(CrashEnd.Reset, cancellation);
    }
}
