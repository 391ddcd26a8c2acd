using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Tests.Machines;

/// <summary>
/// A machine unlike the pc in all that a machine may differ in, with the pc's processor. What it lacks, it lacks for a
/// reason of its name.
/// </summary>
internal sealed class BareMachine(params MachineFeature[] has) : IMachine
{
    public string Name => "bare";

    public IArchitecture Architecture { get; init; } = MachineCatalogue.Default.Architecture;

    public string QemuProgram => "qemu-system-bare";

    public string QemuPackage => "qemu-bare";

    public string ProofKernel => "debian-6.1";

    public IReadOnlyList<string> KernelArguments => ["console=hvc0"];

    public IReadOnlyList<string> EmulatedKernelArguments => ["slow"];

    public string AgentDevice => "/dev/hvc1";

    public IReadOnlyList<KernelImage> Images => [KernelImage.BzImage];

    public IReadOnlyList<KernelImage> EfiImages => [KernelImage.BzImage];

    public MemoryMap Memory { get; } = new(Start: 1 << 30, TailMiB: 8, FirmwareTailMiB: 64);

    public EfiFirmware? Efi => null;

    public IReadOnlyList<string> Arguments(string accelerator) => ["-machine", "bare", "-accel", accelerator];

    public IReadOnlyList<string> MemoryFrom(string backend) => ["-memory", backend];

    public IReadOnlyList<string> ConsolePort(string chardev) => ["-device", $"console,chardev={chardev}"];

    public IReadOnlyList<string> AgentPort(string chardev) => ["-device", $"agent,chardev={chardev}"];

    public KeyValuePair<string, string> Reservation(long address, long size) =>
        has.Contains(MachineFeature.ReservedRange)
            ? new("keep", $"0x{size:x}@0x{address:x}")
            : throw new UnsupportedException("asked for all the same");

    public string? LackOf(MachineFeature feature) => has.Contains(feature) ? null : $"it has no {feature}";
}
