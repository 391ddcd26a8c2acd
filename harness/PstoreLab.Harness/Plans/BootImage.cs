using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>A kernel with the initramfs that goes with it for one backend.</summary>
/// <param name="Config">Its build configuration; null where it is not known.</param>
/// <param name="CrashInitramfs">The one that can also load a capture kernel (crash kernel); null where no case asks for
/// it.</param>
/// <param name="SystemdInitramfs">The one that does switch_root to the disk of a systemd guest; null where no case asks
/// for it.</param>
public sealed record BootImage(
    Kernel Kernel,
    KernelConfig? Config,
    string Initramfs,
    string? SystemdInitramfs = null,
    string? CrashInitramfs = null
)
{
    /// <summary>
    /// Whether it was built without an option. One of unknown configuration is given the benefit of the doubt.
    /// </summary>
    internal bool Lacks(string option) => Config?.IsEnabled(option) == false;

    /// <summary>What a plan says of it.</summary>
    internal PlannedKernel Planned() =>
        new(
            Kernel.Name,
            Kernel.Version,
            Kernel.Release,
            Config is null ? null : PstoreCompression.BuiltInto(Config, KernelVersion.Parse(Kernel.Release).MajorMinor)
        )
        {
            Build = Kernel.Build,
        };
}

/// <summary>All that the guests of a case are made of.</summary>
/// <param name="Kernels">By name, every kernel that it boots.</param>
/// <param name="Disks">By name, the disk of every systemd guest that it boots.</param>
public sealed record GuestImages(
    IReadOnlyDictionary<string, BootImage> Kernels,
    IReadOnlyDictionary<string, GuestDisk> Disks
);
