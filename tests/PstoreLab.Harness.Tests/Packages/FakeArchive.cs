using System.Text.RegularExpressions;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Tests.Kernels;

namespace PstoreLab.Harness.Tests.Packages;

/// <summary>An archive without a network, whose packages are made when they are asked for.</summary>
internal sealed class FakeArchive : IPackageArchive
{
    public List<Package> Packages { get; } = [];

    /// <summary>Files of a package by its name.</summary>
    public Dictionary<string, Dictionary<string, byte[]>> Files { get; } = [];

    public int Updates { get; private set; }

    public int Downloads { get; private set; }

    /// <summary>Called in the middle of every download.</summary>
    public Action Interruption { get; set; } = () => { };

    public Task UpdateAsync(string suite, CancellationToken cancellationToken)
    {
        Updates++;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Package>> FindAsync(string suite, Regex name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Package>>([.. Packages.Where(package => name.IsMatch(package.Name))]);

    public async Task DownloadAsync(
        string suite,
        IReadOnlyList<Package> packages,
        string folder,
        CancellationToken cancellationToken
    )
    {
        Downloads++;
        foreach (var package in packages)
        {
            await Synthetic.DebAsync(Path.Combine(folder, $"{package.Name}.deb"), package, Files[package.Name]);
            Interruption();
        }
    }
}
