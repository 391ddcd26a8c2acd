using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Packages;

/// <summary>Where kernel packages come from.</summary>
public interface IPackageArchive
{
    /// <summary>Learns what a suite has now.</summary>
    Task UpdateAsync(string suite, CancellationToken cancellationToken);

    /// <summary>The packages of a suite whose whole name matches, in no particular order.</summary>
    Task<IReadOnlyList<Package>> FindAsync(string suite, Regex name, CancellationToken cancellationToken);

    /// <summary>
    /// Fetches packages, verified against the archive's signature, as <c>.deb</c> files into an existing folder that
    /// has none yet.
    /// </summary>
    Task DownloadAsync(
        string suite,
        IReadOnlyList<Package> packages,
        string folder,
        CancellationToken cancellationToken
    );
}
