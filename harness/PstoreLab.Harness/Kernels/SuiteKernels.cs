using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;

namespace PstoreLab.Harness.Kernels;

/// <summary>Every kernel of a suite's package list: the plain flavour of an architecture.</summary>
public sealed partial class SuiteKernels(IPackageArchive archive, VersionOrder order, IArchitecture architecture)
{
    /// <summary>From the oldest to the newest.</summary>
    /// <exception cref="InfraException">The archive has no such suite, or there is no kernel in it.</exception>
    public async Task<IReadOnlyList<KernelChoice>> ListAsync(string suite, CancellationToken cancellationToken)
    {
        await archive.UpdateAsync(suite, cancellationToken);
        var images = await archive.FindAsync(suite, ImageName, cancellationToken);
        if (images.Count == 0)
            throw new InfraException($"The Debian archive has no kernel in '{suite}'.");
        var partNames = images.SelectMany(image => image.KernelParts).Distinct().Select(Regex.Escape).ToList();
        var parts =
            partNames.Count == 0
                ? []
                : await archive.FindAsync(
                    suite,
                    new Regex($@"\A(?:{string.Join('|', partNames)})\z"),
                    cancellationToken
                );
        return [.. (await order.SortAsync(images, cancellationToken)).Select(image => Choice(suite, image, parts))];
    }

    private static KernelChoice Choice(string suite, Package image, IReadOnlyList<Package> parts)
    {
        string name = NameOf(suite, image.Version);
        long bytes =
            image.Bytes
            + parts
                .Where(part => part.Version == image.Version && image.KernelParts.Contains(part.Name))
                .Sum(part => part.Bytes);
        var entry = new KernelEntry(
            name,
            KernelKind.Packaged,
            suite,
            new Regex($@"\A(?:{Regex.Escape(image.Name)})\z", RegexOptions.CultureInvariant),
            suite
        )
        {
            Version = image.Version,
        };
        return new KernelChoice(name, image.Version, bytes > 0 ? bytes : null, entry);
    }

    // A name is a folder of the cache, part of a case's id, and what a condition such as `>=6.6` reads the version
    // from.
    private static string NameOf(string suite, string version) => $"{suite}-{NoNameCharacter().Replace(version, "_")}";

    // linux-image-6.1.0-50-ARCHITECTURE, linux-image-6.18.15+deb13-ARCHITECTURE; not -rt, -cloud, -dbg or -unsigned.
    private Regex ImageName { get; } =
        new($@"\Alinux-image-[0-9][0-9a-z.+~]*(?:-(?:rc)?[0-9][0-9a-z.]*)?-{Regex.Escape(architecture.Debian)}\z");

    [GeneratedRegex(@"[^A-Za-z0-9._-]")]
    private static partial Regex NoNameCharacter();
}
