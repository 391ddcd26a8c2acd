namespace PstoreLab.Harness.Kernels;

/// <summary>Kernels that a command line names beside those of the catalogue.</summary>
/// <param name="UserSupplied">The user's own, ready to boot.</param>
/// <param name="Entries">Those of an archive, fetched when they are first asked for.</param>
public sealed record NamedKernels(IReadOnlyList<Kernel> UserSupplied, IReadOnlyList<KernelEntry> Entries);
