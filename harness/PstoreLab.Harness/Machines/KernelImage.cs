using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Machines;

/// <summary>Two ways into the same kernel.</summary>
public enum KernelImage
{
    /// <summary>
    /// The uncompressed ELF image, entered by PVH: 2.5 times as fast under TCG, no KASLR, no EFI stub.
    /// </summary>
    Vmlinux,

    /// <summary>The image as the distribution ships it.</summary>
    [JsonStringEnumMemberName("bzImage")]
    BzImage,
}
