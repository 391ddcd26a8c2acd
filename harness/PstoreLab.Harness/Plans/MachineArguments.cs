using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Plans;

/// <summary>The QEMU command line of one boot, without the channels to the guest.</summary>
internal static class MachineArguments
{
    /// <summary>
    /// The console shows every line, because the oracle holds records against it; markers are not rate-limited; a panic
    /// resets at once.
    /// </summary>
    private static readonly string[] Always =
    [
        "console=ttyS0,115200",
        "ignore_loglevel",
        "printk.devkmsg=on",
        "panic=-1",
    ];

    /// <summary>
    /// For emulated machines. Early in its boot the kernel counts timer interrupts against a spun delay: on a busy host
    /// emulation brings too few, and the kernel panics ("IO-APIC + timer doesn't work"); under KVM it knows not to
    /// look. And the self-tests of its ciphers, which pstore does not use, are a quarter of an emulated boot.
    /// </summary>
    private static readonly string[] Emulated = ["no_timer_check", "cryptomgr.notests"];

    /// <param name="systemd">The systemd guest that boots; null for the small one.</param>
    /// <param name="cpus">Its processors.</param>
    public static IReadOnlyList<string> Build(
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
            "-machine",
            "pc",
            "-accel",
            accelerator,
            // Under TCG the default model gives spontaneous slub oopses with 6.12; qemu64 without cx16 gave none.
            "-cpu",
            accelerator == "kvm" ? "host" : "qemu64,cx16=off",
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
                    .. Always,
                    .. accelerator == "kvm" ? [] : Emulated,
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
