using System.Text.Json.Serialization;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>Starts QEMU over the store and waits for the guest's agent.</summary>
/// <param name="Qemu">The QEMU program.</param>
/// <param name="Machine">QEMU's arguments but for the channels to the guest; paths are relative to the case
/// folder.</param>
/// <param name="ExitsOnReset">Whether QEMU ends when the guest resets; not so when this process has a warm restart
/// ahead.</param>
/// <param name="Systemd">The systemd guest that boots; null for the initramfs guest.</param>
public sealed record PowerOn(
    string Qemu,
    IReadOnlyList<string> Machine,
    bool ExitsOnReset,
    PlannedSystemd? Systemd = null
) : PlanStep
{
    /// <summary>How it comes to the agent's first word; null in a plan from before there were checkpoints.</summary>
    public PlannedStart? Start { get; init; }

    /// <summary>Whether the first boot, too, finds a store that is not empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FindsGivenStore { get; init; }

    /// <summary>QEMU's arguments with all memory in files; only for a boot that a checkpoint may stand for.</summary>
    /// <param name="cpus">Processors of the machine.</param>
    public IReadOnlyList<string> MachineWith(KeptMemory kept, int cpus)
    {
        string[] arguments = [.. Machine];
        var memory = Start!.Memory!;
        string[] plain = [.. memory.Arguments(cpus)];
        int at = Enumerable
            .Range(0, arguments.Length - plain.Length + 1)
            .Single(i => arguments.AsSpan(i, plain.Length).SequenceEqual(plain));
        return [.. arguments[..at], .. memory.Arguments(cpus, kept), .. arguments[(at + plain.Length)..]];
    }

    /// <summary>Ours at the first boot, which finds an empty store; a later one reads what a kernel left.</summary>
    public override Blame Blame(PlannedBoot boot) =>
        boot.IsFirst && !FindsGivenStore ? Plans.Blame.Ours : Plans.Blame.Product;

    public override string Describe(PlannedBoot boot) =>
        $"power on, boot {boot.Number}, {boot.Kernel}{(Systemd is null ? "" : Guest(Systemd))}\n"
        + (Start is null ? "" : $"       {Start}\n")
        + $"       {Qemu} {ShellWords.Join(Machine)}";

    internal override void WriteTo(ScriptWriter script)
    {
        script.Line("");
        script.Say($"boot {script.Boot.Number}: {script.Boot.Kernel}");
        script.BeginMachine(this);
        script.Line($"power_on {script.Boot.Number} {ShellWords.Join(Machine)}");
        script.Ready();
    }

    internal override Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        cycle.PowerOnAsync(this, cancellation);

    private static string Guest(PlannedSystemd guest) =>
        $" under {guest.Name} (systemd {guest.SystemdVersion ?? "of unknown version"}), its disk over {guest.Under}"
        + string.Concat(
            guest
                .Files.Where(file => file.Value.Length > 0)
                .Select(file => $"\n       {file.Key}: {OneLine(file.Value)}")
        )
        + string.Concat(
            (guest.OwnFiles ?? []).Select(own =>
                $"\n       {own.Path}: {own.File} of the case folder, mode {own.Mode}, SHA-256 {own.Sha256}"
            )
        );

    private static string OneLine(string content) =>
        content.TrimEnd('\n').Replace("\n", " | ", StringComparison.Ordinal);
}
