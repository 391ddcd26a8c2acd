using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// The last steps to a kernel's folder, whichever way its image, configuration and modules came there.
/// </summary>
internal sealed class KernelFinish(IProcessRunner runner)
{
    /// <summary>
    /// Takes vmlinux out of vmlinuz, and the configuration out of that where the folder has none yet; seals the folder.
    /// </summary>
    /// <param name="version">The version of its package; null to go by the release.</param>
    /// <param name="wanted">The modules that were looked for.</param>
    public async Task RunAsync(
        string folder,
        string? version,
        IReadOnlyList<string> wanted,
        CancellationToken cancellationToken
    )
    {
        var image = await BzImage.ReadAsync(Path.Combine(folder, KernelFolder.BzImage), cancellationToken);
        var vmlinux = Path.Combine(folder, KernelFolder.Vmlinux);
        await image.ExtractAsync(new Decompressor(runner), vmlinux, cancellationToken);
        var config = Path.Combine(folder, KernelFolder.Config);
        if (
            !File.Exists(config)
            && EmbeddedConfig.Of(await File.ReadAllBytesAsync(vmlinux, cancellationToken)) is { } embedded
        )
            await File.WriteAllTextAsync(config, embedded, cancellationToken);
        KernelFolder.Seal(folder, version ?? image.Release, image.Release, wanted);
    }
}
