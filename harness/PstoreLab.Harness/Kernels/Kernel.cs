using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Kernels;

/// <summary>A kernel that is on this machine, whole and ready to boot.</summary>
/// <param name="Name">Its name in the catalogue, such as <c>debian-6.1</c>.</param>
/// <param name="Version">The package version it was resolved to, such as <c>6.1.176-1</c>; the release where there is
/// no package.</param>
/// <param name="Release">What <c>uname -r</c> says in the guest.</param>
/// <param name="BzImage">Path of vmlinuz.</param>
/// <param name="Vmlinux">Path of the uncompressed ELF image taken out of it.</param>
/// <param name="Config">Path of the build configuration; null where it is not known, of a kernel that the user brought
/// along.</param>
/// <param name="Modules">Module name, with underscores (<c>efi_pstore</c>), to the path of its uncompressed
/// <c>.ko</c>.</param>
public sealed record Kernel(
    string Name,
    string Version,
    string Release,
    string BzImage,
    string Vmlinux,
    string? Config,
    IReadOnlyDictionary<string, string> Modules
)
{
    /// <summary>
    /// A digest of all it was made from, where the user brought it along: builds of one version are told apart by it.
    /// </summary>
    public string? Build { get; init; }

    /// <summary>The path of one of its images.</summary>
    public string PathOf(KernelImage image) => image == KernelImage.Vmlinux ? Vmlinux : BzImage;
}
