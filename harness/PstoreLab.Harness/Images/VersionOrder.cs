using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Images;

/// <summary>Debian's order of versions, in which 6.12.107 is newer than 6.12.94 and <c>~bpo</c> older than nothing, as dpkg itself sees it.</summary>
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

    private async Task<bool> IsNewerAsync(string version, string than, CancellationToken cancellationToken)
    {
        var spec = new ProcessSpec("dpkg", "--compare-versions", version, "gt", than);
        var output = await runner.RunAsync(spec, cancellationToken);
        // 1 is the answer "no"; anything above is a complaint.
        return output.Exit.Code != 1 && output.EnsureSuccess().Exit.Success;
    }
}
