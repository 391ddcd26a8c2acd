using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Crashes;

/// <summary>
/// A way to make the kernel die, or end. A new way is a new file that implements this, and a line in
/// <see cref="CrashCatalogue"/>.
/// </summary>
public interface ICrashTrigger
{
    /// <summary>Its name in scenarios.</summary>
    string Name { get; }

    /// <summary>One line for <c>pstorelab list --crashes</c>.</summary>
    string Summary { get; }

    /// <summary>What sets it off, as <see cref="Cause"/> understands it; null when nothing happens.</summary>
    string? Request { get; }

    /// <summary>
    /// A text the console shows once the kernel is dying; separates a guest that did not crash from one that did not
    /// finish crashing.
    /// </summary>
    string? ConsolePattern { get; }

    /// <summary>The receiver of <see cref="Request"/>.</summary>
    TriggerSource Cause => TriggerSource.Agent;

    /// <summary>What the machine does in the end.</summary>
    CrashEnd End => CrashEnd.Reset;

    /// <summary>
    /// The beginning of the line of the kernel's log after which the record is written, where the log continues behind
    /// that; null where it is the dying kernel's last.
    /// </summary>
    string? LastLine => null;

    /// <summary>
    /// Whether the kernel survives it: the guest is then restarted in its right mind, or crashed again.
    /// </summary>
    bool Survived => false;

    /// <summary>Kernel parameters without which it would not come to this; a scenario's own win over them.</summary>
    IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string>();

    /// <summary>What a machine must have for it; null where every machine has it.</summary>
    MachineFeature? Needs => null;

    /// <summary>Kernel options without which a kernel cannot die this way, each <c>y</c> or <c>m</c>.</summary>
    IReadOnlyList<string> RequiredOptions => [];

    /// <summary>
    /// What a kernel lacks for it beside options, ending the sentence "debian-6.1 has no"; null when it can die this
    /// way.
    /// </summary>
    string? LackOf(Kernel kernel) => null;
}

/// <summary>Who sets a crash off.</summary>
public enum TriggerSource
{
    /// <summary>The agent in the guest.</summary>
    Agent,

    /// <summary>QEMU, by its monitor: a fault of the machine.</summary>
    Monitor,
}

/// <summary>What a machine does when its kernel is done.</summary>
public enum CrashEnd
{
    /// <summary>It resets.</summary>
    Reset,

    /// <summary>It is switched off.</summary>
    PowerOff,

    /// <summary>All its processors are halted for good.</summary>
    Halt,
}
