using System.Globalization;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Replays;

/// <summary>
/// A store that a kernel is to read, as a case: one boot over it, and a look at what the kernel shows.
/// </summary>
public static class ReplayCase
{
    private const string Family = "replay";
    private const long MiB = 1 << 20;

    /// <summary>Parameters that say where a store lies, which is another place here.</summary>
    private static readonly string[] Places = ["ramoops.mem_address", "ramoops.mem_name", "pstore_blk.blkdev"];

    /// <param name="number">Of the store among all that are replayed, from 1.</param>
    /// <param name="file">The store's bytes.</param>
    /// <param name="kernel">The one that reads it.</param>
    /// <param name="backend">The backend's name; null for the first that has such stores.</param>
    /// <exception cref="UsageException">No backend has such stores.</exception>
    public static Case Of(int number, ReplayedStore store, string file, string kernel, string? backend = null)
    {
        var source = new SourceLocation(store.Name, 0, 0);
        var read = BackendOf(store.Decoded.Kind, backend);
        var parameters = store
            .Decoded.Options.Parameters.Where(parameter => !Places.Contains(parameter.Key) && IsOfKernel(parameter.Key))
            .ToDictionary();
        return new Case(
            $"{Family}/{number.ToString(CultureInfo.InvariantCulture)}/{read.Name}-{kernel}",
            Family,
            number.ToString(CultureInfo.InvariantCulture),
            $"{kernel} reads {store.Name}",
            source,
            new Dictionary<string, string> { ["backend"] = read.Name, ["kernel"] = kernel },
            read.Name,
            SizeOf(read, store.Content.Length),
            parameters,
            [
                new BootStep(source, kernel, BootOptions.None with { Cpus = CpusOf(store.Decoded) }),
                new ExpectStep(source, new Expectation(source, Records: null, [], []) { Registered = ["*"] }),
            ],
            [],
            Quick: false
        )
        {
            GivenStore = file,
        };
    }

    private static IBackend BackendOf(StoreKind kind, string? name)
    {
        IBackend[] able = [.. BackendCatalogue.All.Where(backend => backend.Kind == kind)];
        return able.FirstOrDefault(backend => name is null || backend.Name == name)
            ?? throw new UsageException(
                $"--backend {name}: what is there is of {string.Join(" or ", able.Select(backend => backend.Name))}"
            );
    }

    // acpi-erst.record_size is QEMU's.
    private static bool IsOfKernel(string parameter) => !parameter.StartsWith("acpi-erst.", StringComparison.Ordinal);

    // Each CPU has an ftrace zone of its own.
    private static int? CpusOf(DecodedStore store) =>
        store.Records.Any(record => record.Name.Type == Records.RecordType.Ftrace) ? store.Options.Cpus : null;

    private static long SizeOf(IBackend backend, long length) =>
        backend.Needs == Machines.MachineFeature.ReservedRange ? (length + MiB - 1) / MiB * MiB : length;
}
