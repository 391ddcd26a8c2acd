using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Plans;

/// <summary>The QEMU command line of one boot, without the channels to the guest.</summary>
internal static class MachineArguments
{
    /// <summary>
    /// The console shows every line, because the oracle compares records with it; markers are not rate-limited; a panic
    /// resets at once.
    /// </summary>
    private static readonly string[] Always = ["ignore_loglevel", "printk.devkmsg=on", "panic=-1"];

    /// <summary>
    /// The self-tests of the kernel's ciphers, which pstore does not use, are a quarter of an emulated boot.
    /// </summary>
    private const string Untested = "cryptomgr.notests";

    /// <summary>The names of the kernel parameters that guests have whatever the case is.</summary>
    /// <param name="systemd">Whether a systemd guest is among them.</param>
    public static IEnumerable<string> ParametersOf(IMachine machine, bool systemd) =>
        new[]
        {
            machine.KernelArguments,
            Always,
            machine.EmulatedKernelArguments,
            [Untested],
            systemd ? SystemdDevices.KernelArguments : [],
        }
            .SelectMany(arguments => arguments)
            .Select(argument => argument.Split('=')[0]);

    /// <param name="systemd">The systemd guest that boots; null for the small one.</param>
    /// <param name="cpus">Its processors.</param>
    public static IReadOnlyList<string> Build(
        IMachine machine,
        string accelerator,
        StoreAttachment store,
        PlannedSystemd? systemd,
        string kernel,
        string initramfs,
        IEnumerable<string> kernelArguments,
        bool exitsOnReset,
        int cpus = 1
    ) =>
        [
            "-nodefaults",
            "-no-user-config",
            .. machine.Arguments(accelerator),
            "-smp",
            $"{cpus}",
            .. store.Memory.Arguments(cpus),
            "-display",
            "none",
            .. store.Devices,
            .. systemd is null ? [] : SystemdDevices.Disks(systemd.Disk, systemd.Seed),
            "-kernel",
            kernel,
            "-initrd",
            initramfs,
            "-append",
            string.Join(
                ' ',
                [
                    .. machine.KernelArguments,
                    .. Always,
                    .. accelerator == "kvm" ? [] : (string[])[.. machine.EmulatedKernelArguments, Untested],
                    .. systemd is null ? [] : SystemdDevices.KernelArguments,
                    .. kernelArguments,
                ]
            ),
            // Any other action would end QEMU before the record is written.
            "-action",
            "panic=none",
            .. exitsOnReset ? (string[])["-no-reboot"] : [],
        ];
}
