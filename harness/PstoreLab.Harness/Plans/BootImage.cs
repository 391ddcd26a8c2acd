using PstoreLab.Harness.Images;

namespace PstoreLab.Harness.Plans;

/// <summary>A kernel with the initramfs that goes with it for one backend.</summary>
/// <param name="Config">Its build configuration; null where it is not known.</param>
public sealed record BootImage(Kernel Kernel, KernelConfig? Config, string Initramfs);
