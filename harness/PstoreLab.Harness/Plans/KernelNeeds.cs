using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// The options that a kernel must be built with, for whom, and the parameters it must not have. What is missing is an
/// <see cref="UnsupportedException"/>.
/// </summary>
internal static class KernelNeeds
{
    /// <summary>What decides who may write to <c>/dev/kmsg</c>.</summary>
    private const string DevKmsg = "printk.devkmsg";

    /// <summary>What it takes to boot as the machine stands.</summary>
    /// <param name="backends">All that the machine has.</param>
    public static void RequireToBoot(BootImage image, BootSettings settings, IReadOnlyList<IBackend> backends)
    {
        foreach (var backend in backends)
            RequireFor(backend, image);
        RequireAll(image, OfCaptureKernel(settings), "which a capture kernel needs");
        if (settings.Systemd is not null)
            RequireAll(image, SystemdModules.RequiredOptions, "which a systemd guest needs");
    }

    /// <summary>
    /// What it takes to write marker lines. A closed <c>/dev/kmsg</c> cannot be opened (devkmsg_open in
    /// kernel/printk/printk.c, 5.10 to 7.2). A limited one takes ten lines from everybody who opens it, and the agent
    /// opens it for each.
    /// </summary>
    public static void RequireToMark(BootSettings settings, SourceLocation source)
    {
        // The kernel looks no further than at the first letters (__control_devkmsg).
        if (
            settings.AllParameters.GetValueOrDefault(DevKmsg) is { } value
            && value.StartsWith("off", StringComparison.Ordinal)
        )
            throw new UnsupportedException(
                $"{source}: {DevKmsg}={value} closes /dev/kmsg, where the marker lines of a crash are written; "
                    + "leave it out, or set it to on or ratelimit"
            );
    }

    /// <summary>What it takes to die this way.</summary>
    public static void RequireToCrash(IMachine machine, BootImage image, ICrashTrigger trigger)
    {
        machine.Require(trigger.Needs, $"the crash '{trigger.Name}'");
        if (trigger.LackOf(image.Kernel) is { } lack)
            throw new UnsupportedException(
                $"{image.Kernel.Name} has no {lack}, which the crash '{trigger.Name}' needs"
            );
        RequireAll(image, trigger.RequiredOptions, $"which the crash '{trigger.Name}' needs");
    }

    /// <summary>What it takes to write a record. Whoever reads one needs nothing for that but the backend.</summary>
    /// <param name="type">One of <see cref="Records.RecordType"/>.</param>
    public static void RequireToWrite(BootImage writer, IBackend backend, string type) =>
        RequireAll(
            writer,
            backend.Frontends.Where(frontend => frontend.Type == type).Select(frontend => frontend.Option),
            $"without which it writes no {type} record"
        );

    private static void RequireFor(IBackend backend, BootImage image)
    {
        foreach (string option in backend.RequiredOptions)
        {
            RequireAll(image, [option], $"which the {backend.Name} backend needs");
            // Of the catalogue's kernels the modules are at hand; of a user-supplied bare image they
            // are not.
            if (image.Config?.Get(option) == "m" && image.Kernel.Modules.Count == 0)
                throw new UnsupportedException(
                    $"{image.Kernel.Name} ({image.Kernel.Release}) has {option}, which the {backend.Name} "
                        + "backend needs, as a module, and its modules are not there; name their folder with "
                        + "--modules"
                );
        }
    }

    private static IReadOnlyList<string> OfCaptureKernel(BootSettings settings) =>
        settings.LoadsCaptureKernel ? CaptureKernelNeeds.ToLoad
        : settings.CaptureKernel == CaptureKernel.Reserved ? CaptureKernelNeeds.ToReserve
        : [];

    private static void RequireAll(BootImage image, IEnumerable<string> options, string why)
    {
        if (options.FirstOrDefault(image.Lacks) is { } missing)
            throw new UnsupportedException(
                $"{image.Kernel.Name} ({image.Kernel.Release}) was built without {missing}, {why}"
            );
    }
}
