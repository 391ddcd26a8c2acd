using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Kernels;

/// <summary>The files of a kernel that is not in a package, found from where its image or its tree is.</summary>
/// <param name="Image">The bzImage.</param>
/// <param name="Config">Its configuration; null when there is none to be seen.</param>
/// <param name="Modules">Where its modules are; null when that is not to be seen.</param>
internal sealed record KernelFiles(string Image, string? Config, string? Modules)
{
    /// <exception cref="UsageException">There is no kernel.</exception>
    /// <exception cref="InfraException">The file is no bzImage.</exception>
    public static async Task<KernelFiles> FindAsync(
        string path,
        IArchitecture architecture,
        CancellationToken cancellationToken
    )
    {
        if (Directory.Exists(path))
            return Tree(path, architecture)
                ?? throw new UsageException(
                    $"the folder has no {architecture.KernelsInTree[0]}; build one with "
                        + $"`make {architecture.KernelTarget} modules`"
                );
        if (
            architecture.KernelsInTree.FirstOrDefault(image => path.EndsWith("/" + image, StringComparison.Ordinal))
                is { } inTree
            && Tree(path[..^(inTree.Length + 1)], architecture) is { Config: not null } tree
        )
        {
            return tree;
        }
        var release = (await BzImage.ReadAsync(path, cancellationToken)).Release;
        var folder = Path.GetDirectoryName(path)!;
        // A harness's own cache; an installed system's /boot and /lib/modules, or a copy of the two; a kernel beside
        // its modules.
        string[] modules =
        [
            $"{folder}/modules",
            $"{folder}/lib/modules/{release}",
            $"{folder}/../lib/modules/{release}",
            .. Path.GetFileName(folder) == release ? [folder] : Array.Empty<string>(),
        ];
        string[] configs = [$"{folder}/config-{release}", $"{folder}/config"];
        return new KernelFiles(path, configs.FirstOrDefault(File.Exists), modules.FirstOrDefault(Directory.Exists));
    }

    private static KernelFiles? Tree(string root, IArchitecture architecture)
    {
        var image = architecture.KernelsInTree.Select(name => Path.Combine(root, name)).FirstOrDefault(File.Exists);
        var config = Path.Combine(root, ".config");
        return image is null ? null : new KernelFiles(image, File.Exists(config) ? config : null, root);
    }
}
