using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Images;

/// <summary>The throw-away disk of one case: what a guest writes goes there, and the disk under it stays as it is.</summary>
public static class RootfsOverlay
{
    /// <summary>Makes an empty overlay, of some 200 KiB.</summary>
    /// <param name="path">Where to.</param>
    /// <exception cref="InfraException">qemu-img is missing or failed.</exception>
    public static async Task CreateAsync(IProcessRunner runner, Rootfs under, string path, CancellationToken cancellationToken)
    {
        var spec = new ProcessSpec(
            "qemu-img", "create", "-q", "-f", "qcow2", "-b", Path.GetFullPath(under.Path), "-F", under.Format.ToString().ToLowerInvariant(), path);
        (await runner.RunAsync(spec, cancellationToken)).EnsureSuccess();
    }
}
