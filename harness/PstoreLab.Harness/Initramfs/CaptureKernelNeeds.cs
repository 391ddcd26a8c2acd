namespace PstoreLab.Harness.Initramfs;

/// <summary>What a capture kernel (crash kernel) needs (Documentation/admin-guide/kdump/kdump.rst).</summary>
public static class CaptureKernelNeeds
{
    /// <summary>The kernel parameter that has memory kept for it.</summary>
    public const string Parameter = "crashkernel";

    /// <summary>
    /// How much: Debian's kernels boot in 128 MiB with some 75 to spare. The kernel that dies gets
    /// the rest.
    /// </summary>
    public const string ReservedMemory = "160M";

    /// <summary>Options of the kernel whose memory is kept.</summary>
    public static IReadOnlyList<string> ToReserve { get; } = ["CONFIG_CRASH_DUMP"];

    /// <summary>Options of a kernel that loads itself as its capture kernel.</summary>
    public static IReadOnlyList<string> ToLoad { get; } =
    ["CONFIG_CRASH_DUMP", "CONFIG_KEXEC_FILE", "CONFIG_RELOCATABLE", "CONFIG_PROC_VMCORE"];
}
