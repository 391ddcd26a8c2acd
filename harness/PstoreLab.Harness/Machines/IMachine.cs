using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Machines;

/// <summary>
/// All that is particular to a machine that QEMU emulates: its program, processor, ports, memory and firmware. A new
/// machine is a new file that implements this, and a line in <see cref="MachineCatalogue"/>.
/// </summary>
public interface IMachine
{
    /// <summary>Its name in scenarios.</summary>
    string Name { get; }

    IArchitecture Architecture { get; }

    /// <summary>The QEMU that emulates it.</summary>
    string QemuProgram { get; }

    /// <summary>The Debian package that has it.</summary>
    string QemuPackage { get; }

    /// <summary>
    /// The catalogue's kernel that accelerators are proven with: small, old, and in the first thing anybody runs.
    /// </summary>
    string ProofKernel { get; }

    /// <summary>QEMU's arguments for the machine and its processor.</summary>
    /// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
    IReadOnlyList<string> Arguments(string accelerator);

    /// <summary>QEMU's arguments that make a memory backend the whole of the memory.</summary>
    IReadOnlyList<string> MemoryFrom(string backend);

    /// <summary>Kernel arguments that every guest needs.</summary>
    IReadOnlyList<string> KernelArguments { get; }

    /// <summary>Kernel arguments that emulated guests need beside.</summary>
    IReadOnlyList<string> EmulatedKernelArguments { get; }

    /// <summary>QEMU's arguments that connect the kernel's console to a chardev.</summary>
    IReadOnlyList<string> ConsolePort(string chardev);

    /// <summary>
    /// QEMU's arguments that connect the agent's port to a chardev; they stand behind <see cref="ConsolePort"/>.
    /// </summary>
    IReadOnlyList<string> AgentPort(string chardev);

    /// <summary>The device file of the agent's port in the guest.</summary>
    string AgentDevice { get; }

    /// <summary>The kernel images it boots, the quickest first.</summary>
    IReadOnlyList<KernelImage> Images { get; }

    /// <summary>Those that its UEFI firmware boots, the quickest first.</summary>
    IReadOnlyList<KernelImage> EfiImages { get; }

    MemoryMap Memory { get; }

    /// <summary>Its UEFI firmware; null where it has none.</summary>
    EfiFirmware? Efi { get; }

    /// <summary>The kernel parameter that keeps a kernel's hands off a range of memory.</summary>
    /// <param name="address">Physical address of its first byte.</param>
    /// <param name="size">In bytes, a multiple of 1 MiB.</param>
    /// <exception cref="UnsupportedException">It has no <see cref="MachineFeature.ReservedRange"/>.</exception>
    KeyValuePair<string, string> Reservation(long address, long size);

    /// <summary>Why the machine cannot do this, ending the sentence "not on this machine:"; null when it can.</summary>
    string? LackOf(MachineFeature feature);

    /// <summary>Why KVM cannot run it on this host; null when it may.</summary>
    string? WhyNotKvm =>
        Architecture.IsHosts
            ? Kvm.WhyClosed()
            : $"KVM runs guests of the host's own architecture, and this one is not {Architecture.Name}";

    /// <summary>The path of its QEMU.</summary>
    /// <exception cref="UnsupportedException">It is not installed.</exception>
    string Qemu => HostProgram.Require(QemuProgram, QemuPackage, "to run guests");

    /// <summary>Ends in a verdict of its own where the machine cannot do something.</summary>
    /// <param name="feature">What is needed; null for nothing.</param>
    /// <param name="who">Who needs it: <c>the erst backend</c>.</param>
    /// <exception cref="UnsupportedException">The machine cannot; says why.</exception>
    void Require(MachineFeature? feature, string who)
    {
        if (feature is { } needed && LackOf(needed) is { } lack)
            throw new UnsupportedException($"{who} is not on the machine '{Name}': {lack}");
    }
}
