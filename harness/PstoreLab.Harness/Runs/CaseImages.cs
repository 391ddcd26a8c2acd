using System.Collections.Concurrent;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Images;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Where a run has its guests' images from.</summary>
public interface ICaseImages
{
    /// <summary>An image for each kernel that the case boots, by the kernel's name.</summary>
    Task<IReadOnlyDictionary<string, BootImage>> ForAsync(Case @case, CancellationToken cancellation);
}

/// <summary>Kernel and initramfs for every case of a run, each made once however many cases ask for it at the same time.</summary>
public sealed class CaseImages(IKernels kernels, InitramfsBuilder initramfs) : ICaseImages
{
    private readonly ConcurrentDictionary<string, Lazy<Task<(Kernel, KernelConfig?)>>> _kernels = [];
    private readonly ConcurrentDictionary<(string Kernel, string Modules), Lazy<Task<BootImage>>> _images = [];

    public async Task<IReadOnlyDictionary<string, BootImage>> ForAsync(Case @case, CancellationToken cancellation)
    {
        var images = new Dictionary<string, BootImage>();
        foreach (string kernel in @case.Kernels)
            images[kernel] = await ForAsync(kernel, BackendCatalogue.Get(@case.Backend).Modules, cancellation);
        return images;
    }

    /// <param name="modules">Names of modules; those that the kernel does not have as modules are left out.</param>
    public async Task<BootImage> ForAsync(string kernelName, IReadOnlyList<string> modules, CancellationToken cancellation)
    {
        var (kernel, config) = await Once(_kernels, kernelName, async () =>
        {
            var found = await kernels.EnsureAsync(kernelName, cancellation);
            return (found, found.Config is null ? null : KernelConfig.Load(found.Config));
        });
        string[] present = [.. modules.Where(kernel.Modules.ContainsKey)];
        return await Once(_images, (kernelName, string.Join(' ', present)), async () =>
            new BootImage(kernel, config, await initramfs.BuildAsync(kernel, present, cancellation)));
    }

    // A failure is not kept: the next attempt at a case may find the network back.
    private static async Task<T> Once<TKey, T>(ConcurrentDictionary<TKey, Lazy<Task<T>>> made, TKey key, Func<Task<T>> make)
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
