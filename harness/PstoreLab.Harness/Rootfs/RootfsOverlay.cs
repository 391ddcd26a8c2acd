using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// The throw-away disk of one case: what a guest writes goes there, and the disk under it stays as it is.
/// </summary>
public static class RootfsOverlay
{
    /// <summary>Makes an empty overlay, of some 200 KiB.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="under">The disk under it; a relative path is relative to the folder of <paramref name="path"/>, and
    /// both can then be moved together.</param>
    /// <param name="format">What that one is, in QEMU's words.</param>
    /// <exception cref="InfraException">qemu-img is missing or failed.</exception>
    public static async Task CreateAsync(
        IProcessRunner runner,
        string path,
        string under,
        string format,
        CancellationToken cancellationToken
    )
    {
        var spec = new ProcessSpec("qemu-img", "create", "-q", "-f", "qcow2", "-b", under, "-F", format, path);
        (await runner.RunAsync(spec, cancellationToken)).EnsureSuccess();
    }
}
