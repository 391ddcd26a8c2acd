using System.Text.Json.Serialization;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>
/// Sets off a crash and waits until it is over: the guest's own reset, proven by QMP, or what else it ends with.
/// </summary>
/// <param name="Trigger">The crash trigger's name.</param>
/// <param name="Request">What the agent is asked for; null where <paramref name="MonitorCommand"/> sets it off.</param>
/// <param name="MonitorCommand">The command to QEMU's monitor; null where the guest sets it off.</param>
/// <param name="ConsolePattern">What the console shows of a kernel that dies of it.</param>
public sealed record Crash(
    CrashNumber Number,
    string Trigger,
    AgentRequest? Request,
    string? MonitorCommand,
    string ConsolePattern
) : PlanStep
{
    /// <summary>What the machine does in the end.</summary>
    public CrashEnd End { get; init; }

    /// <summary>
    /// The console's line after which the record is written; null where that is the last of the dying kernel's.
    /// </summary>
    public string? LastLine { get; init; }

    /// <summary>
    /// Whether a capture kernel (crash kernel) is loaded that boots then: its agent is waited for, and the end comes
    /// later.
    /// </summary>
    public bool BootsCaptureKernel { get; init; }

    /// <summary>What sets it off, in words.</summary>
    [JsonIgnore]
    public string Order => Request?.Words ?? MonitorCommand!;

    public override string Describe(PlannedBoot boot) =>
        $"crash {Number}, {Trigger}: {(Request is null ? "monitor" : "agent")}: {Order}, then wait for {Awaited}";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Say($"crash {Number}: {Trigger}");
        if (Request is null)
            script.Line($"monitor {ShellWords.Quote(MonitorCommand!)}");
        else
            script.Send(Request);
        if (BootsCaptureKernel)
            script.Ready();
        else if (End == CrashEnd.Halt)
            // Only QEMU knows when its processors are halted; a moment after the kernel's last words they are.
            script.Line(
                $"shown {ShellWords.Quote(ConsolePattern)}; sleep 1; kill -KILL \"$qemu\"; wait \"$qemu\" 2>/dev/null"
            );
        else
            script.AwaitEnd(End);
    }

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation)
    {
        cycle.Enter(CycleState.Crashing);
        await cycle.DieAsync(this, cancellation);
        if (!BootsCaptureKernel)
            await cycle.CommitAsync(End, cancellation);
    }

    private string Awaited =>
        BootsCaptureKernel
            ? "the agent of the capture kernel"
            : End switch
            {
                CrashEnd.PowerOff => "the guest to power off",
                CrashEnd.Halt => "its processors to halt",
                _ => "the guest's reset",
            };
}
