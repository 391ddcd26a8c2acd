namespace PstoreLab.Harness.Machines;

/// <summary>
/// An x86-64 PC (QEMU's <c>pc</c>, i440FX): SeaBIOS, or OVMF where something is kept in EFI variables; all devices that
/// pstore can write to.
/// </summary>
internal sealed class PcMachine : IMachine
{
    public string Name => "pc";

    public IArchitecture Architecture { get; } = new X86Architecture();

    public string QemuProgram => "qemu-system-x86_64";

    public string QemuPackage => "qemu-system-x86";

    public string ProofKernel => "debian-6.1";

    public IReadOnlyList<string> Arguments(string accelerator) =>
        [
            "-machine",
            "pc",
            "-accel",
            accelerator,
            // Under TCG the default model gives spontaneous slub oopses with 6.12; qemu64 without cx16 gave none.
            "-cpu",
            accelerator == "kvm" ? "host" : "qemu64,cx16=off",
        ];

    public IReadOnlyList<string> MemoryFrom(string backend) => ["-machine", $"memory-backend={backend}"];

    public IReadOnlyList<string> KernelArguments { get; } = ["console=ttyS0,115200"];

    /// <summary>
    /// Early in its boot the kernel counts timer interrupts against a spun delay: on a busy host emulation brings too
    /// few, and the kernel panics ("IO-APIC + timer doesn't work"); under KVM it knows not to look.
    /// </summary>
    public IReadOnlyList<string> EmulatedKernelArguments { get; } = ["no_timer_check"];

    // QEMU numbers serial ports in the order of its arguments.
    public IReadOnlyList<string> ConsolePort(string chardev) => ["-serial", $"chardev:{chardev}"];

    public IReadOnlyList<string> AgentPort(string chardev) => ["-serial", $"chardev:{chardev}"];

    public string AgentDevice => "/dev/ttyS1";

    public IReadOnlyList<KernelImage> Images { get; } = [KernelImage.Vmlinux, KernelImage.BzImage];

    // The EFI stub is in the bzImage; PVH would skip the firmware.
    public IReadOnlyList<KernelImage> EfiImages { get; } = [KernelImage.BzImage];

    /// <summary>
    /// A window cannot lie at the end of low memory: QEMU puts the initramfs and its ACPI tables there at every boot.
    /// OVMF works from the top of memory down and loads kernel and initramfs into it: with a tail of 32 MiB it wrote
    /// over what lies below, with 256 it did not.
    /// </summary>
    public MemoryMap Memory { get; } = new(Start: 0, TailMiB: 32, FirmwareTailMiB: 256);

    // Debian and Ubuntu, Fedora, Arch; then the older layout of 2 MiB, whose store is a quarter of that.
    public EfiFirmware Efi { get; } =
        new(
            "OVMF",
            "ovmf",
            "OVMF_CODE.fd",
            [new EfiLayout(528 << 10, "4 MB"), new EfiLayout(128 << 10, "2 MB")],
            [
                new("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
                new("/usr/share/edk2/ovmf/OVMF_CODE_4M.fd", "/usr/share/edk2/ovmf/OVMF_VARS_4M.fd"),
                new("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
                new("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
                new("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
                new("/usr/share/edk2/x64/OVMF_CODE.fd", "/usr/share/edk2/x64/OVMF_VARS.fd"),
            ]
        );

    public KeyValuePair<string, string> Reservation(long address, long size) =>
        new("memmap", $"{size >> 20}M$0x{address:x}");

    public string? LackOf(MachineFeature feature) => null;
}
