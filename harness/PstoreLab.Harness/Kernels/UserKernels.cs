using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Kernels;

/// <summary>User-supplied kernels, and the catalogue's for every other name.</summary>
public sealed partial class UserKernels(IReadOnlyList<Kernel> given, IKernels others) : IKernels
{
    /// <summary>How much of a version goes into a name.</summary>
    private const int LongestVersion = 32;

    public Task<Kernel> EnsureAsync(string name, CancellationToken cancellationToken) =>
        given.FirstOrDefault(kernel => kernel.Name == name) is { } kernel
            ? Task.FromResult(kernel)
            : others.EnsureAsync(name, cancellationToken);

    /// <summary>
    /// The same kernels; where several have one name but are other builds, each with the version of its package in its
    /// name, or else its digest.
    /// </summary>
    public static IReadOnlyList<KernelChoice> Apart(IReadOnlyList<KernelChoice> kernels)
    {
        var several = kernels
            .Where(kernel => kernel.UserSupplied is not null)
            .GroupBy(kernel => kernel.Name)
            .Where(same => same.Select(kernel => kernel.UserSupplied!.Build).Distinct().Count() > 1)
            .ToDictionary(same => same.Key, same => same.Select(kernel => kernel.UserSupplied!.Version).ToList());
        return [.. kernels.Select(kernel => several.ContainsKey(kernel.Name) ? Renamed(kernel) : kernel)];

        KernelChoice Renamed(KernelChoice kernel)
        {
            var (build, versions) = (kernel.UserSupplied!, several[kernel.Name]);
            string what =
                versions.Count(version => version == build.Version) == 1 ? build.Version : build.Build ?? build.Version;
            string name = $"{kernel.Name}_{NotInName().Replace(what, "_")}";
            name = name[..Math.Min(name.Length, kernel.Name.Length + 1 + LongestVersion)];
            return KernelName.IsOne(name)
                ? kernel with
                {
                    Name = name,
                    UserSupplied = build with { Name = name },
                }
                : kernel;
        }
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotInName();
}
