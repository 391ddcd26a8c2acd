using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels;

/// <summary>Kernels as the distribution built them.</summary>
/// <param name="modules">Names, with underscores, of the modules guests need; those a kernel does not have are left
/// out.</param>
internal sealed class PackagedKernels(
    IProcessRunner runner,
    IPackageArchive archive,
    IReadOnlyList<string> modules,
    IProgress<string>? progress
) : IKernelOrigin
{
    // An epoch's colon is written as apt does it in file names: it would end a path in PATH-like options.
    public string FolderName(KernelEntry entry, string version) => version.Replace(":", "%3a");

    public async Task MakeAsync(KernelEntry entry, Package package, string folder, CancellationToken cancellationToken)
    {
        using var packages = new Temporary(Path.GetDirectoryName(folder)!);
        progress?.Report($"{entry.Name}: fetching {package.Name} {package.Version}");
        await archive.DownloadAsync(
            entry.Suite,
            await WithPartsAsync(entry, package, cancellationToken),
            packages.Folder,
            cancellationToken
        );
        progress?.Report($"{entry.Name}: unpacking");
        var debs = Directory.GetFiles(packages.Folder, "*.deb");
        await new KernelUnpacker(runner).UnpackAsync(debs, modules, folder, cancellationToken);
        string[] required = [KernelFolder.BzImage, KernelFolder.Config];
        foreach (var file in required.Where(file => !File.Exists(Path.Combine(folder, file))))
            throw new InfraException(
                $"There is no kernel {file} in {string.Join(", ", debs.Select(Path.GetFileName))}: Debian "
                    + "must have changed where it puts it."
            );
        await new KernelFinish(runner).RunAsync(folder, package.Version, modules, cancellationToken);
    }

    private async Task<IReadOnlyList<Package>> WithPartsAsync(
        KernelEntry entry,
        Package image,
        CancellationToken cancellationToken
    )
    {
        var names = image.KernelParts.Select(Regex.Escape).ToList();
        if (names.Count == 0)
            return [image];
        var parts = await archive.FindAsync(
            entry.Suite,
            new Regex($@"\A(?:{string.Join('|', names)})\z"),
            cancellationToken
        );
        return [image, .. parts.Where(part => part.Version == image.Version)];
    }
}
