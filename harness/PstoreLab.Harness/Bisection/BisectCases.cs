using System.Security.Cryptography;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Bisection;

/// <summary>The case that a search is about, with each of the kernels in its turn.</summary>
/// <param name="Id">What the cells are called without the kernel.</param>
/// <param name="Dimensions">The dimensions that the kernel goes into.</param>
/// <param name="Kernels">Those that the scenario does not exclude, in order.</param>
/// <param name="Excluded">The names of the others.</param>
public sealed partial record BisectCases(
    string Id,
    IReadOnlyList<string> Dimensions,
    IReadOnlyList<KernelChoice> Kernels,
    IReadOnlyDictionary<string, Case> Cases,
    IReadOnlyList<string> Excluded
)
{
    /// <summary>
    /// What a word means: as for a run, and what a search prints, which is a case without its kernel, or with one that
    /// its file does not name.
    /// </summary>
    /// <exception cref="UsageException">It means nothing.</exception>
    public static IReadOnlyList<Case> Named(string word, IReadOnlyList<KernelChoice> kernels, ScenarioLoader loader)
    {
        // Each is a repetition of itself.
        string id = Repetition().Replace(word.TrimEnd('/'), "");
        if (id.Split('/') is not [var family, var scenario, _])
            return loader.Load([word]);
        var all = loader.Load([$"{family}/{scenario}"]);
        Case[] printed =
        [
            .. all.Where(@case =>
                IdsWithout(@case).Contains(id) || kernels.Any(kernel => IsWith(@case, kernel.Name, id, loader))
            ),
        ];
        return all.Any(@case => @case.Id == id) || printed.Length == 0 ? loader.Load([id]) : printed;
    }

    /// <param name="word">What was asked for, for messages.</param>
    /// <param name="chosen">Cells that may differ only in the kernel.</param>
    /// <param name="vary">The kernel dimension that changes; null for all that the case has.</param>
    /// <exception cref="UsageException">It is not one case, has no such dimension, or there are no two kernels to
    /// search between.</exception>
    public static BisectCases Of(
        string word,
        IReadOnlyList<Case> chosen,
        string? vary,
        IReadOnlyList<KernelChoice> kernels,
        ScenarioLoader loader
    )
    {
        var one = chosen[0];
        IReadOnlyList<string> dimensions = vary is null ? KernelDimensions.Of(one) : [vary];
        if (dimensions.Count == 0)
            throw new UsageException(
                $"{one.Id} has no dimension {string.Join(", ", KernelDimensions.Names)}: its kernel is "
                    + "written into its steps, so there is nothing to bisect"
            );
        if (dimensions.FirstOrDefault(name => !KernelDimensions.Of(one).Contains(name)) is { } unknown)
            throw new UsageException(
                $"--vary: {Nearest.Unknown("kernel dimension", unknown, [.. KernelDimensions.Of(one)])}"
            );
        string[] ids = [.. chosen.Select(@case => KernelDimensions.IdWithout(@case, dimensions)).Distinct()];
        if (ids.Length > 1)
            throw new UsageException(
                $"'{word}' is {ids.Length} cases that differ in more than {string.Join(", ", dimensions)}; "
                    + $"name one of them, such as {one.Id}, or narrow with --filter"
            );
        var cases = kernels
            .Select(kernel =>
                (Kernel: kernel, Case: loader.With(one, dimensions.ToDictionary(name => name, _ => kernel.Name)))
            )
            .ToList();
        KernelChoice[] left = [.. cases.Where(pair => pair.Case is not null).Select(pair => pair.Kernel)];
        if (left.Length < 2)
            throw new UsageException(
                $"--kernels names {left.Length} {(left.Length == 1 ? "version" : "versions")} that {ids[0]} "
                    + "can be run with; a search needs two or more, the good end first"
            );
        return new BisectCases(
            ids[0],
            dimensions,
            left,
            cases.Where(pair => pair.Case is not null).ToDictionary(pair => pair.Kernel.Name, pair => pair.Case!),
            [.. cases.Where(pair => pair.Case is null).Select(pair => pair.Kernel.Name)]
        );
    }

    /// <summary>What it is called without each of its kernels, and without all.</summary>
    private static IEnumerable<string> IdsWithout(Case @case) =>
        KernelDimensions
            .Of(@case)
            .Select(name => KernelDimensions.IdWithout(@case, [name]))
            .Append(KernelDimensions.IdWithout(@case, KernelDimensions.Names));

    private static bool IsWith(Case @case, string kernel, string id, ScenarioLoader loader) =>
        // Only then the file is read once more.
        id.Contains(kernel, StringComparison.Ordinal)
        && KernelDimensions.Of(@case) is { Count: > 0 } dimensions
        && loader.With(@case, dimensions.ToDictionary(name => name, _ => kernel))?.Id == id;

    /// <summary>The name of the search's folder.</summary>
    public string FolderName => $"bisect-{Id.Replace('/', '-')}";

    /// <summary>
    /// All that the verdicts depend on, but for the kernels: with another question the old verdicts are of no use.
    /// </summary>
    public string Question(int repeat, string? accelerator)
    {
        string source = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Cases.Values.First().Source.File)))[
            ..16
        ];
        var own = Kernels.Where(kernel => kernel.UserSupplied is not null).Select(kernel => $", {kernel.Identity}");
        return $"{Id}, {string.Join(" and ", Dimensions)}, {repeat} times, {accelerator ?? "any accelerator"}, "
            + $"scenario {source}{string.Concat(own)}";
    }

    [GeneratedRegex(@"\+[0-9]+\z")]
    private static partial Regex Repetition();
}
