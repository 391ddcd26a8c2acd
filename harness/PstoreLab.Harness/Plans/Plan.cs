using System.Text.Json.Serialization;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// One case, worked out to the last argument: pure data. <c>explain</c> prints it, the run carries it out,
/// <c>repro.sh</c> is written from it and the oracle judges by it, so all four speak of the same thing.
/// </summary>
/// <param name="Case">The case's id.</param>
/// <param name="Dimensions">The cell of the matrix.</param>
/// <param name="Accelerator">QEMU's accelerator, <c>kvm</c> or <c>tcg</c>.</param>
/// <param name="MemoryMiB">Memory of the largest machine.</param>
/// <param name="Kernels">Every kernel that is booted, in order of first use.</param>
/// <param name="Files">Read-only files that must lie in the case folder.</param>
/// <param name="Store">The store before the first boot.</param>
/// <param name="Steps">What is done, in order.</param>
public sealed record Plan(
    string Case,
    string Summary,
    IReadOnlyDictionary<string, string> Dimensions,
    string Backend,
    string Accelerator,
    int MemoryMiB,
    IReadOnlyList<PlannedKernel> Kernels,
    IReadOnlyList<StagedFile> Files,
    StoreTemplate Store,
    IReadOnlyList<PlanStep> Steps,
    IReadOnlyList<PlannedKnownBug> Known
)
{
    /// <summary>The name of the machine that every boot runs on.</summary>
    public string Machine { get; init; } = MachineCatalogue.Default.Name;

    /// <summary>
    /// The stores of the backends that the machine has beside the one that is judged, and that must be left alone.
    /// </summary>
    public IReadOnlyList<OtherStore> Others { get; init; } = [];

    /// <summary>What is known of the store as that boot finds it and leaves it.</summary>
    /// <param name="other">One of <see cref="Others"/>; null for the one that is judged.</param>
    public StoreOptions StoreOptionsOf(int boot, OtherStore? other = null)
    {
        var (kernel, parameters, cpus) = BootOf(boot);
        return new StoreOptions
        {
            Parameters = BackendCatalogue.Get(other?.Backend ?? Backend).LayoutParameters(parameters),
            Cpus = cpus,
            Kernel = VersionOf(kernel),
            Address = (other?.Store ?? Store).Address,
        };
    }

    /// <summary>
    /// Whether <c>/sys/fs/pstore</c> is to show, while that boot goes on, what it has left since:
    /// <c>pstore_timefunc</c> in fs/pstore/platform.c, 5.10 to 7.2, reads the store again some time after an oops where
    /// <c>pstore.update_ms</c> is above 0.
    /// </summary>
    public bool ShowsItsOwn(int boot) =>
        BootOf(boot).Parameters.GetValueOrDefault("pstore.update_ms") is { Length: > 0 } value
        && value[0] != '-'
        && value != "0";

    /// <summary>Major and minor version of one of the kernels.</summary>
    public Version VersionOf(string kernel) => KernelVersion.Parse(KernelNamed(kernel).Release).MajorMinor;

    /// <summary>
    /// What the kernel of that boot compresses with, and therefore all that it can undo; null where it was built
    /// without.
    /// </summary>
    public CompressionMethod? CompressionOf(int boot)
    {
        var (kernel, parameters, _) = BootOf(boot);
        return PstoreCompression.Of(
            VersionOf(kernel),
            KernelNamed(kernel).Compressors,
            parameters.GetValueOrDefault(PstoreCompression.Parameter)
        );
    }

    /// <summary>The kernel of that boot, every parameter that is set, and the machine's processors.</summary>
    public (string Kernel, IReadOnlyDictionary<string, string> Parameters, int Cpus) BootOf(int boot) =>
        Boots.Where(known => known.Boot == boot).Select(known => (known.Kernel, known.Parameters, known.Cpus)).First();

    /// <summary>Every boot, in order.</summary>
    [JsonIgnore]
    public IEnumerable<(int Boot, string Kernel, IReadOnlyDictionary<string, string> Parameters, int Cpus)> Boots
    {
        get
        {
            foreach (var step in Steps)
            {
                if (step is PowerOn on)
                    yield return (on.Boot, on.Kernel, on.Parameters, on.Cpus);
                else if (step is WarmBoot again)
                    yield return (again.Boot, again.Kernel, again.Parameters, again.Cpus);
            }
        }
    }

    private PlannedKernel KernelNamed(string name) => Kernels.First(known => known.Name == name);
}

/// <summary>The store of a backend that is not the one that is judged.</summary>
/// <param name="File">Its name in the case folder.</param>
/// <param name="Store">As it is before the first boot.</param>
public sealed record OtherStore(string Backend, string File, StoreTemplate Store);

/// <summary>A kernel of the plan.</summary>
/// <param name="Version">The package's version; <paramref name="Release"/> is what <c>uname -r</c> says.</param>
/// <param name="Compressors">What pstore was built with; null where the kernel's configuration is not known.</param>
public sealed record PlannedKernel(string Name, string Version, string Release, PlannedCompressors? Compressors = null);

/// <summary>The compressors that a kernel's pstore was built with.</summary>
/// <param name="Names">Words for <c>pstore.compress</c>; none where compression was left out.</param>
/// <param name="Default">The one that is used where the parameter is not set; null where compression was left
/// out.</param>
public sealed record PlannedCompressors(IReadOnlyList<string> Names, string? Default);

/// <summary>A file of the case folder that is linked or copied from elsewhere and never written.</summary>
/// <param name="Name">Its name in the case folder.</param>
/// <param name="Source">Absolute path on this host.</param>
public sealed record StagedFile(string Name, string Source);

/// <summary>A bug that this cell must show, and how. See <see cref="Scenarios.KnownBug"/>.</summary>
public sealed record PlannedKnownBug(string Bug, Inspect Instead);
