using System.Collections.Concurrent;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Where a run has its guests' images from.</summary>
public interface ICaseImages
{
    /// <summary>An image for each kernel that the case boots, and the disk of each systemd guest.</summary>
    Task<GuestImages> ForAsync(Case @case, CancellationToken cancellation);
}

/// <summary>
/// Kernel, initramfs and disk for every case of a run, each made once however many cases ask for it at the same time.
/// </summary>
/// <param name="kernels">The kernels of initramfs guests.</param>
/// <param name="systemdKernels">Where systemd guests have theirs from; the same kernels, with more of their
/// modules.</param>
/// <param name="disks">The disk of a systemd guest, by its name.</param>
public sealed class CaseImages(
    IKernels kernels,
    IKernels systemdKernels,
    Func<string, CancellationToken, Task<GuestDisk>> disks,
    InitramfsBuilder initramfs
) : ICaseImages
{
    private readonly ConcurrentDictionary<
        (string Kernel, bool Systemd),
        Lazy<Task<(Kernel, KernelConfig?)>>
    > _kernels = [];
    private readonly ConcurrentDictionary<(string Kernel, string Modules), Lazy<Task<BootImage>>> _images = [];
    private readonly ConcurrentDictionary<(string Kernel, string Modules), Lazy<Task<string>>> _crash = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _systemd = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<GuestDisk>>> _disks = [];

    public async Task<GuestImages> ForAsync(Case @case, CancellationToken cancellation)
    {
        var images = new Dictionary<string, BootImage>();
        string[] modules = [.. @case.Present.SelectMany(name => BackendCatalogue.Get(name).Modules).Distinct()];
        foreach (string kernel in @case.Kernels)
        {
            string? systemd = @case.SystemdGuests.Count == 0 ? null : await SystemdInitramfsAsync(kernel, cancellation);
            string? crash = @case.LoadsCaptureKernel ? await CrashInitramfsAsync(kernel, modules, cancellation) : null;
            images[kernel] = await ForAsync(kernel, modules, cancellation) with
            {
                SystemdInitramfs = systemd,
                CrashInitramfs = crash,
            };
        }

        var found = new Dictionary<string, GuestDisk>();
        foreach (string guest in @case.SystemdGuests)
            found[guest] = await Once(_disks, guest, () => disks(guest, cancellation));
        return new GuestImages(images, found);
    }

    /// <param name="modules">Names of modules; those that the kernel does not have as modules are left out.</param>
    public async Task<BootImage> ForAsync(
        string kernelName,
        IReadOnlyList<string> modules,
        CancellationToken cancellation
    )
    {
        var (kernel, config) = await KernelAsync(kernelName, systemd: false, cancellation);
        string[] present = [.. modules.Where(kernel.Modules.ContainsKey)];
        return await Once(
            _images,
            (kernelName, string.Join(' ', present)),
            async () => new BootImage(kernel, config, await initramfs.BuildAsync(kernel, present, cancellation))
        );
    }

    private async Task<string> CrashInitramfsAsync(
        string kernelName,
        IReadOnlyList<string> modules,
        CancellationToken cancellation
    )
    {
        var (kernel, _) = await KernelAsync(kernelName, systemd: false, cancellation);
        string[] present = [.. modules.Where(kernel.Modules.ContainsKey)];
        return await Once(
            _crash,
            (kernelName, string.Join(' ', present)),
            () => initramfs.BuildWithCaptureKernelAsync(kernel, present, cancellation)
        );
    }

    private Task<string> SystemdInitramfsAsync(string kernelName, CancellationToken cancellation) =>
        Once(
            _systemd,
            kernelName,
            async () =>
                await initramfs.BuildForSystemdAsync(
                    (await KernelAsync(kernelName, systemd: true, cancellation)).Kernel,
                    cancellation
                )
        );

    private Task<(Kernel Kernel, KernelConfig? Config)> KernelAsync(
        string name,
        bool systemd,
        CancellationToken cancellation
    ) =>
        Once<(string, bool), (Kernel, KernelConfig?)>(
            _kernels,
            (name, systemd),
            async () =>
            {
                var found = await (systemd ? systemdKernels : kernels).EnsureAsync(name, cancellation);
                return (found, found.Config is null ? null : KernelConfig.Load(found.Config));
            }
        );

    // A failure is not kept: the next attempt at a case may find the network back.
    private static async Task<T> Once<TKey, T>(
        ConcurrentDictionary<TKey, Lazy<Task<T>>> made,
        TKey key,
        Func<Task<T>> make
    )
        where TKey : notnull
    {
        var task = made.GetOrAdd(key, _ => new Lazy<Task<T>>(make));
        try
        {
            return await task.Value;
        }
        catch
        {
            made.TryRemove(new KeyValuePair<TKey, Lazy<Task<T>>>(key, task));
            throw;
        }
    }
}
