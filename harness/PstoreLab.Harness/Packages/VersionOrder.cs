using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Packages;

/// <summary>
/// Debian's order of versions, in which 6.12.107 is newer than 6.12.94 and <c>~bpo</c> older than nothing, as dpkg
/// itself sees it.
/// </summary>
public sealed class VersionOrder(IProcessRunner runner)
{
    /// <summary>The package with the newest version.</summary>
    public async Task<Package> NewestAsync(IReadOnlyList<Package> packages, CancellationToken cancellationToken)
    {
        var newest = packages[0];
        foreach (var package in packages.Skip(1))
        {
            if (await IsNewerAsync(package.Version, newest.Version, cancellationToken))
                newest = package;
        }
        return newest;
    }

    /// <summary>The packages from the oldest version to the newest; equal ones stay as they are.</summary>
    public async Task<IReadOnlyList<Package>> SortAsync(
        IEnumerable<Package> packages,
        CancellationToken cancellationToken
    )
    {
        // Each comparison starts dpkg: a search for every package's place asks less often than a sort that knows
        // nothing of that.
        var sorted = new List<Package>();
        foreach (var package in packages)
        {
            int low = 0;
            int high = sorted.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (await IsNewerAsync(sorted[middle].Version, package.Version, cancellationToken))
                    high = middle;
                else
                    low = middle + 1;
            }

            sorted.Insert(low, package);
        }

        return sorted;
    }

    private async Task<bool> IsNewerAsync(string version, string than, CancellationToken cancellationToken)
    {
        var spec = new ProcessSpec("dpkg", "--compare-versions", version, "gt", than);
        var output = await runner.RunAsync(spec, cancellationToken);
        // 1 is the answer "no"; anything above is an error.
        return output.Exit.Code != 1 && output.EnsureSuccess().Exit.Success;
    }
}
