using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// One case, worked out to the last argument: pure data. <c>explain</c> prints it, the run carries it out, <c>repro.sh</c> is written from it
/// and the oracle judges by it, so all four speak of the same thing.
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
    IReadOnlyList<PlannedKnownBug> Known)
{
    /// <summary>What is known of the store as that boot finds it and leaves it.</summary>
    public StoreOptions StoreOptionsOf(int boot)
    {
        var powered = Steps.Select(step => step switch
        {
            PowerOn on when on.Boot == boot => ((string Kernel, IReadOnlyDictionary<string, string> Parameters)?)(on.Kernel, on.Parameters),
            ComeUpAgain again when again.Boot == boot => (again.Kernel, again.Parameters),
            _ => null,
        }).First(found => found is not null)!.Value;
        return new StoreOptions { Parameters = powered.Parameters, Cpus = MachineArguments.Cpus, Kernel = VersionOf(powered.Kernel) };
    }

    /// <summary>Major and minor version of one of the kernels.</summary>
    public Version VersionOf(string kernel) => KernelVersion.Parse(Kernels.First(known => known.Name == kernel).Release).MajorMinor;
}

/// <summary>A kernel of the plan.</summary>
/// <param name="Version">The package's version; <paramref name="Release"/> is what <c>uname -r</c> says.</param>
public sealed record PlannedKernel(string Name, string Version, string Release);

/// <summary>A file of the case folder that is linked or copied from elsewhere and never written.</summary>
/// <param name="Name">Its name in the case folder.</param>
/// <param name="Source">Absolute path on this host.</param>
public sealed record StagedFile(string Name, string Source);

/// <summary>A bug that this cell must show, and how. See <see cref="Scenarios.KnownBug"/>.</summary>
public sealed record PlannedKnownBug(string Bug, Inspect Instead);
