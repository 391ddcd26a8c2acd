using System.Text.RegularExpressions;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels;

/// <summary>Takes a kernel's parts out of its packages.</summary>
internal sealed partial class KernelUnpacker(IProcessRunner runner)
{
    private readonly Decompressor _decompressor = new(runner);

    /// <summary>
    /// Takes vmlinuz, the configuration and the wanted modules, with what those depend on, out of packages, as far as
    /// they are there.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    public async Task UnpackAsync(
        IReadOnlyList<string> debs,
        IReadOnlyList<string> wanted,
        string folder,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(Path.Combine(folder, KernelFolder.Modules));
        var lookedFor = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyCollection<string> next = [.. wanted];
        do
        {
            lookedFor.UnionWith(next);
            await TakeAsync(debs, next, folder, cancellationToken);
            // Almost always empty: the callers' lists already have what their modules depend on.
            next =
            [
                .. next.Select(name => ModulePath(folder, name))
                    .Where(File.Exists)
                    .SelectMany(ModuleInfo.DependsOf)
                    .Except(lookedFor),
            ];
        } while (next.Count > 0);
    }

    private async Task TakeAsync(
        IReadOnlyList<string> debs,
        IReadOnlyCollection<string> modules,
        string folder,
        CancellationToken cancellationToken
    )
    {
        using var packed = new Temporary(folder);
        foreach (var deb in debs)
            await DebFile.VisitAsync(runner, deb, VisitAsync, cancellationToken);
        foreach (var module in Directory.EnumerateFiles(packed.Folder))
            await _decompressor.UnpackFileAsync(
                module,
                ModulePath(folder, ModuleInfo.NameOf(module)),
                cancellationToken
            );

        async Task VisitAsync(string path, Stream content)
        {
            var target =
                ImagePath().IsMatch(path) ? Path.Combine(folder, KernelFolder.BzImage)
                : ConfigPath().IsMatch(path) ? Path.Combine(folder, KernelFolder.Config)
                : ModuleFile().IsMatch(path) && modules.Contains(ModuleInfo.NameOf(path))
                    ? Path.Combine(packed.Folder, Path.GetFileName(path))
                : null;
            if (target is null)
                return;
            await using var file = File.Create(target);
            await content.CopyToAsync(file, cancellationToken);
        }
    }

    private static string ModulePath(string folder, string name) =>
        Path.Combine(folder, KernelFolder.Modules, name + ".ko");

    // In /boot up to 6.19, beside the modules since 7.x; /lib/modules became /usr/lib/modules with 6.12.
    [GeneratedRegex(@"\A(?:boot/vmlinuz-[^/]+|(?:usr/)?lib/modules/[^/]+/vmlinuz)\z")]
    private static partial Regex ImagePath();

    [GeneratedRegex(@"\A(?:boot/config-[^/]+|(?:usr/)?lib/modules/[^/]+/config)\z")]
    private static partial Regex ConfigPath();

    [GeneratedRegex(@"\A(?:usr/)?lib/modules/[^/]+/.+\.ko(?:\.xz|\.zst|\.gz)?\z")]
    private static partial Regex ModuleFile();
}
