using PstoreLab.Harness.Packages;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// How a kernel comes out of a package of the archive: one implementation for each <see cref="KernelKind"/>.
/// </summary>
internal interface IKernelOrigin
{
    /// <summary>
    /// Name of the folder that a version goes into; another one whenever something else would come out.
    /// </summary>
    /// <exception cref="Faults.UsageException">What the kernel is made from, beside the package, is wrong.</exception>
    string FolderName(KernelEntry entry, string version);

    /// <summary>Makes it and seals it.</summary>
    /// <param name="folder">An existing, empty folder.</param>
    Task MakeAsync(KernelEntry entry, Package package, string folder, CancellationToken cancellationToken);
}
