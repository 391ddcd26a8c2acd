using System.Text.RegularExpressions;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Packages;

/// <summary>The Debian archive, through apt, with a private root per suite.</summary>
/// <param name="roots">The folder of the private roots.</param>
/// <param name="architecture">Of the packages.</param>
public sealed class AptArchive(IProcessRunner runner, string roots, IArchitecture architecture) : IPackageArchive
{
    private AptHost? _host;

    public async Task UpdateAsync(string suite, CancellationToken cancellationToken) =>
        await (await RootAsync(suite, cancellationToken)).UpdateAsync(cancellationToken);

    public async Task<IReadOnlyList<Package>> FindAsync(
        string suite,
        Regex name,
        CancellationToken cancellationToken
    ) => await (await RootAsync(suite, cancellationToken)).FindAsync(name, cancellationToken);

    public async Task DownloadAsync(
        string suite,
        IReadOnlyList<Package> packages,
        string folder,
        CancellationToken cancellationToken
    ) => await (await RootAsync(suite, cancellationToken)).DownloadAsync(packages, folder, cancellationToken);

    // Asked for once and late: a run whose kernels are all there never starts apt. Two askers at once get the same
    // answer.
    private async Task<AptRoot> RootAsync(string suite, CancellationToken cancellationToken)
    {
        _host ??= await AptHost.ReadAsync(runner, cancellationToken);
        return new AptRoot(runner, Path.Combine(roots, suite), suite, _host, architecture);
    }
}
