using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios.Documents;

[ExactlyOneOf("boot", "crash", "power-cut", "restart", "expect", "erase", "damage", "run", "repeat")]
internal sealed record StepDocument : Document
{
    [Description("Powers a machine on with an empty store and this kernel. Always the first step, and only there.")]
    public Text? Boot { get; init; }

    [Description("Writes marker lines, then kills the kernel with this crash trigger; 'none' leaves it alive.")]
    public CrashDocument? Crash { get; init; }

    [MayBeEmpty]
    [Description("Writes marker lines, then kills QEMU at a point of the console.")]
    public PowerCutDocument? PowerCut { get; init; }

    [Description(
        "Boots again over the same store: warm in the same QEMU, cold in a new one, { cold: KERNEL } with "
            + "another kernel."
    )]
    public RestartDocument? Restart { get; init; }

    [Description("What must hold of the guest that runs now.")]
    public ExpectationDocument? Expect { get; init; }

    [Description("Deletes the records whose names match this glob; 'all' deletes all.")]
    public Text? Erase { get; init; }

    [Description("Damages the store between two boots; ends a guest that still runs first.")]
    public DamageDocument? Damage { get; init; }

    [Description("Has root of the guest run a line of shell, such as systemctl restart systemd-pstore.")]
    public RunDocument? Run { get; init; }

    [Description("Does several steps over and over.")]
    public RepeatDocument? Repeat { get; init; }

    [OneValueEach, MayBeEmpty]
    [Description("With boot or restart: kernel and module parameters of this boot and those after it.")]
    public Table? Parameters { get; init; }

    [Range(1, 8)]
    [Description("With boot or restart: processors of this boot and those after it; 1 without it.")]
    public int? Cpus { get; init; }

    [Description("With boot or restart: mount options of the pstore file system, such as kmsg_bytes=8192.")]
    public Text? Mount { get; init; }

    [Description("With boot or restart: the image that QEMU enters. Without it, the quickest that the backend allows.")]
    public KernelImage? Image { get; init; }

    [Description(
        "With boot or restart: the systemd guest of this boot and those after it, such as bookworm; 'none' "
            + "for the initramfs guest, as without it."
    )]
    public Text? Systemd { get; init; }

    [Description(
        "With boot or restart: who loads the backend's modules in a systemd guest, the initramfs (early) "
            + "or the guest itself; early without it."
    )]
    public ModuleLoading? Modules { get; init; }

    [Description(
        "With boot or restart: what waits for a panic of this boot and those after it: memory with nothing "
            + "in it (reserved), a capture kernel (crash kernel) that looks at the dump and resets (loaded), one that "
            + "panics itself (panics); none without it."
    )]
    [Formerly("crash-kernel")]
    public CaptureKernel? CaptureKernel { get; init; }

    [OneValueEach]
    [Description(
        "With boot or restart: absolute paths of files of the systemd guest to what is written there "
            + "before its systemd starts."
    )]
    public Table? Files { get; init; }
}

[Shorthand(nameof(Command))]
internal sealed record RunDocument : Document
{
    [Description("The line of shell.")]
    public required Text Command { get; init; }

    [Range(0, 255)]
    [Description("The exit code it must end with; 0 without it.")]
    public int Exit { get; init; }
}

internal sealed record RepeatDocument : Document
{
    [Range(1, 100)]
    [Description("How many times.")]
    public required int Times { get; init; }

    [Description("What is done each time, in order.")]
    public required IReadOnlyList<StepDocument> Steps { get; init; }
}

[Shorthand(nameof(Trigger))]
internal sealed record CrashDocument : Document
{
    [Description("A name of the crash catalogue, such as sysrq-c.")]
    [Formerly("way")]
    public required Text Trigger { get; init; }

    [Range(1, 10000)]
    [Description("How many marker lines are written first; 8 without it.")]
    public int Markers { get; init; } = 8;

    [AllowedValues("yes", "no")]
    [Description("Whether a crash that kernels survive kills this one, as with oops=panic; no without it.")]
    public Text? Fatal { get; init; }

    [Description("The processor that it happens on, from 0, or 'all' for all of them at once; any without it.")]
    public Text? Cpu { get; init; }

    [Description("Waits for this moment of the guest's clock between the marker lines and the crash.")]
    public MomentDocument? At { get; init; }
}

internal sealed record MomentDocument : Document
{
    [Range(0, 59)]
    [Description("The second that has just begun, counted within 'of'; 0 without it.")]
    public int Second { get; init; }

    [Range(1, 60)]
    [Description(
        "How many seconds are counted before it begins anew; 1 without it, which is the beginning of any second."
    )]
    public int Of { get; init; } = 1;
}

internal sealed record PowerCutDocument : Document
{
    [Description("Text of the console line at which QEMU is killed; without it, the last marker line.")]
    public Text? After { get; init; }

    [Description("The crash trigger that is set off first; without it, none.")]
    public Text? During { get; init; }

    [Range(0, 1000000)]
    [Description(
        "With during, in place of after: a point while the record is being written, another for each seed "
            + "and each power cut of the case."
    )]
    public int? Seed { get; init; }

    [Range(1, 10000)]
    [Description("How many marker lines are written first; 8 without it.")]
    public int Markers { get; init; } = 8;
}

[Shorthand(nameof(Kind), Only = true), ExactlyOneOf("cold")]
internal sealed record RestartDocument : Document
{
    [Description("In the same QEMU, or in a new one.")]
    public RestartKind Kind { get; init; } = RestartKind.Cold;

    [Description("Restarts cold, with this kernel.")]
    public Text? Cold { get; init; }

    [Refused("found 'warm' with a kernel, expected 'warm' alone or { cold: KERNEL }: a warm restart keeps the kernel")]
    public Text? Warm { get; init; }
}
