using System.Globalization;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// The rules of a sequence of steps: what cannot be done to a machine in the state that the steps before left it in.
/// </summary>
internal sealed class StepOrder
{
    private Step? died;
    private string systemd = BootOptions.NoSystemd;
    private int cpus = 1;
    private CaptureKernel captureKernel;
    private bool damaged;
    private int crashes;
    private int expectations;

    public static void Check(IReadOnlyList<Step> steps, SourceLocation scenario)
    {
        var order = new StepOrder();
        if (steps is not [BootStep, ..])
        {
            throw (steps.Count == 0 ? scenario : steps[0].Source).Fault(
                "found no boot at the beginning of the steps, expected boot: KERNEL first"
            );
        }

        foreach (var step in steps)
            order.Check(step, first: ReferenceEquals(step, steps[0]));
        if (order.expectations == 0)
            throw steps[0].Source.Fault("found steps without an expectation, expected at least one 'expect'");
    }

    private void Check(Step step, bool first)
    {
        CheckGuest(step);
        switch (step)
        {
            case BootStep when !first:
                throw step.Source.Fault(
                    "found a second boot, expected one at the beginning; to boot again over the same "
                        + "store, write restart"
                );
            case RestartStep { Kind: RestartKind.Warm } when died is PowerCutStep:
                throw step.Source.Fault(
                    "found a warm restart after a power cut, expected restart: cold; the power cut ends QEMU"
                );
            case RestartStep { Kind: RestartKind.Warm } when damaged:
                throw step.Source.Fault(
                    "found a warm restart after damage to the store, expected restart: cold; a warm one "
                        + "would not wait for the damage"
                );
            case RestartStep:
                damaged = false;
                died = null;
                break;
            case DamageStep:
                damaged = true;
                died ??= step;
                break;
            case not BootStep when died is not null:
                throw step.Source.Fault(
                    $"found a step after the {(died is DamageStep ? "damage" : "crash")} on line "
                        + $"{died.Source.Line}, expected restart before it"
                );
            case CrashStep { Survived: true } or CrashStep { Trigger: StepReader.NoCrash }:
                crashes++;
                break;
            case CrashStep or PowerCutStep:
                died = step;
                // The panic of a capture kernel is a crash of its own.
                crashes +=
                    step is CrashStep { Trigger: not StepReader.NoCrash } && captureKernel == CaptureKernel.Panics
                        ? 2
                        : 1;
                break;
            case ExpectStep { Expectation.FailsWith: not null } expect:
                throw expect.Source.Fault(
                    "found fails-with in an expectation, expected it only in `instead:` of a known bug: a kernel that "
                        + "fails has failed"
                );
            case ExpectStep expect:
                expectations++;
                CheckCrashes(expect.Expectation, crashes);
                break;
        }
    }

    /// <summary>What only a guest with systemd has or can do.</summary>
    private void CheckGuest(Step step)
    {
        if (OptionsOf(step) is { } options)
        {
            bool disks = options.Modules is not null || options.Files.Count > 0;
            bool changed = options.Systemd is { } named && named != systemd;
            systemd = options.Systemd ?? systemd;
            captureKernel = options.CaptureKernel ?? captureKernel;
            if (captureKernel != CaptureKernel.None && systemd != BootOptions.NoSystemd)
                throw step.Source.Fault(
                    "found a capture kernel for a systemd guest, expected capture-kernel: none; only the "
                        + "initramfs guest loads one"
                );
            if (disks && systemd == BootOptions.NoSystemd)
                throw step.Source.Fault(
                    "found modules or files for a guest without systemd, expected systemd: RELEASE at this "
                        + "boot or before"
                );
            if (systemd != BootOptions.NoSystemd && options.Mount is not null)
                throw step.Source.Fault(
                    "found mount options for a systemd guest, expected the parameter pstore.kmsg_bytes; "
                        + "its systemd mounts /sys/fs/pstore"
                );
            if (step is RestartStep { Kind: RestartKind.Warm } && options.Cpus is not null)
                throw step.Source.Fault(
                    "found cpus at a warm restart, expected restart: cold; a warm one keeps the machine"
                );
            cpus = options.Cpus ?? cpus;
            if (step is RestartStep { Kind: RestartKind.Warm } && (changed || disks))
                throw step.Source.Fault(
                    "found another guest, modules or files at a warm restart, expected restart: cold; a "
                        + "warm one keeps the guest's disks"
                );
        }

        if (
            step is CrashStep { Processor: { } processor }
            && processor != CrashStep.AllProcessors
            && int.Parse(processor, CultureInfo.InvariantCulture) >= cpus
        )
            throw step.Source.Fault(
                $"found a crash on cpu {processor} of a machine with {cpus}, expected cpus: "
                    + $"{int.Parse(processor, CultureInfo.InvariantCulture) + 1} at the boot before"
            );
        if (step is ExpectStep expect)
            CheckGuest(expect.Expectation, systemd);
    }

    /// <summary>What a bug leaves instead of the last expectation, in the guest that runs then.</summary>
    public static void CheckInstead(Expectation instead, IReadOnlyList<Step> steps)
    {
        string? systemd = steps.Select(step => OptionsOf(step)?.Systemd).LastOrDefault(named => named is not null);
        CheckGuest(instead, systemd ?? BootOptions.NoSystemd);
        var order = new StepOrder();
        foreach (var step in steps)
            order.Check(step, first: ReferenceEquals(step, steps[0]));
        CheckCrashes(instead, order.crashes);
    }

    private static BootOptions? OptionsOf(Step step) =>
        step switch
        {
            BootStep boot => boot.Options,
            RestartStep restart => restart.Options,
            _ => null,
        };

    private static void CheckGuest(Expectation expectation, string systemd)
    {
        if (expectation.NeedsSystemd && systemd == BootOptions.NoSystemd)
            throw expectation.Source.Fault(
                "found archive, journal or archiver of a guest without systemd, expected systemd: RELEASE "
                    + "at the boot before"
            );
    }

    /// <summary>A record can only come from a crash that was.</summary>
    private static void CheckCrashes(Expectation expectation, int crashes)
    {
        if (expectation.Vmcore is not null && crashes == 0)
            throw expectation.Source.Fault("found a vmcore before any crash, expected a crash step earlier");
        foreach (var archived in expectation.Archive ?? [])
        {
            int crash = archived.Crash == CrashNumber.Last ? 1 : archived.Crash.Value;
            if (crash > crashes)
                throw archived.Source.Fault(
                    $"found an archive of crash {crash}, expected one of the {crashes} before this step"
                );
        }

        foreach (var record in (expectation.Records ?? []).Concat(expectation.Journal ?? []))
        {
            if (record.Crash.Value > crashes)
                throw record.Source.Fault(
                    $"found a record of crash {record.Crash}, expected one of the {crashes} before this step"
                );
            if (crashes == 0 && record.Content != RecordContent.Any)
                throw record.Source.Fault(
                    "found a record before any crash, expected a crash or power-cut step earlier"
                );
        }
    }
}
