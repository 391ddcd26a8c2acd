using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>What a run of some cases takes, before it is begun.</summary>
/// <param name="Cases">How many there are.</param>
/// <param name="Duration">How long they take, by how long they took before; null where too little is known.</param>
/// <param name="KernelsToFetch">Kernels that are not here, and come from the Debian archive.</param>
/// <param name="KernelsToBuild">Kernels that are not here, and are built.</param>
/// <param name="DisksToMake">Disks of systemd guests that are not here.</param>
public sealed record RunEstimate(int Cases, TimeSpan? Duration, int KernelsToFetch, int KernelsToBuild, int DisksToMake)
{
    /// <summary>Estimates a run.</summary>
    /// <param name="lab">Where it would be run.</param>
    /// <param name="cases">What would be run.</param>
    /// <param name="jobs">Guests at once.</param>
    public static RunEstimate Of(Lab lab, IReadOnlyList<Case> cases, int jobs)
    {
        var stored = lab.Kernels.List();
        var missing = cases
            .SelectMany(@case => @case.Kernels)
            .Distinct()
            .Where(lab.Catalogue.Contains)
            .Where(name => !stored.Any(kernel => kernel.Name == name && kernel.IsCurrent))
            .ToList();
        var disks = lab.Rootfs.List();
        int toBuild = missing.Count(name => lab.Catalogue[name].Kind == KernelKind.Built);
        return new RunEstimate(
            cases.Count,
            lab.Durations.Together([.. cases.Select(@case => @case.Id)], jobs),
            missing.Count - toBuild,
            toBuild,
            cases
                .SelectMany(@case => @case.SystemdGuests)
                .Distinct()
                .Where(lab.RootfsCatalogue.Contains)
                .Count(name => !disks.Any(disk => disk.Name == name && disk.IsCurrent))
        );
    }
}
