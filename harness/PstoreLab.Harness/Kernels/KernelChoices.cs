using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// Kernels as a command line names them, separated by commas: a name of the catalogue, <c>NAME..NAME</c> for those
/// between by version, <c>SUITE:</c> for all that a suite holds, <c>SUITE:FROM..TO</c> for some of them (either may be
/// left out), <c>SUITE:VERSION</c> for one, and a path or <c>NAME=PATH</c> for a kernel of the user's own.
/// </summary>
public sealed partial class KernelChoices(
    KernelCatalogue catalogue,
    SuiteKernels suites,
    Func<string, CancellationToken, Task<Kernel>> bringAsync
)
{
    private const string Expected =
        "expected a name of the catalogue, NAME..NAME, SUITE:FROM..TO such as trixie-backports:6.18..7.2, "
        + "or the path of a kernel";

    /// <summary>
    /// The kernels in the order in which they were named; a range from the newer to the older one is turned round.
    /// </summary>
    /// <exception cref="UsageException">A word means nothing, or a kernel is named twice.</exception>
    public async Task<IReadOnlyList<KernelChoice>> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var chosen = new List<KernelChoice>();
        foreach (string word in IsPath(text) ? [text] : text.Split(',', StringSplitOptions.TrimEntries))
            chosen.AddRange(await WordAsync(word, cancellationToken));
        return chosen.GroupBy(kernel => kernel.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"{Nearest.Quote(text)} names {twice.Key} twice")
            : chosen;
    }

    private async Task<IReadOnlyList<KernelChoice>> WordAsync(string word, CancellationToken cancellationToken)
    {
        if (word.Length == 0)
            throw new UsageException($"found an empty name of a kernel, {Expected}");
        if (IsPath(word) || word.Contains('/') || word.Contains('='))
        {
            var brought = await bringAsync(word, cancellationToken);
            return [new KernelChoice(brought.Name, brought.Release, 0, null) { UserSupplied = brought }];
        }

        if (word.Split(':', 2) is [var suite, var range])
            return await SuiteAsync(word, suite, range, cancellationToken);
        return word.Split("..", 2) is [var from, var to] ? Between(from, to) : [Catalogued(word)];
    }

    /// <summary>
    /// Whether there is something of that name; a name of the catalogue means that kernel all the same.
    /// </summary>
    private bool IsPath(string word) => !catalogue.Contains(word) && Path.Exists(NamedPath.Split(word).Path);

    private KernelChoice Catalogued(string name)
    {
        if (catalogue.Contains(name))
            return new KernelChoice(name, null, null, null);
        string? suite = Nearest.To(name, catalogue.Names.Select(known => catalogue[known].Suite));
        throw new UsageException(
            $"unknown kernel {Nearest.Quote(name)}, neither a name of the catalogue nor a file; "
                + (
                    Nearest.To(name, catalogue.Names) is { } nearest ? $"did you mean '{nearest}'?"
                    : suite is not null ? $"all that a suite holds is {suite}:"
                    : $"the catalogue has {string.Join(", ", catalogue.Names)}"
                )
        );
    }

    private List<KernelChoice> Between(string from, string to)
    {
        var (first, last) = (Catalogued(from), Catalogued(to));
        var (low, high) = (VersionOf(first.Name), VersionOf(last.Name));
        string family = from[..(from.LastIndexOf('-') + 1)];
        // Of one series, where both ends are: a kernel of somebody else's between them is none of its versions.
        var between = catalogue
            .Names.Where(name =>
                !to.StartsWith(family, StringComparison.Ordinal) || name.StartsWith(family, StringComparison.Ordinal)
            )
            .Where(name =>
                KernelVersion.TryParse(name, out var version)
                && version >= (low < high ? low : high)
                && version <= (low < high ? high : low)
            )
            .OrderBy(VersionOf)
            .Select(Catalogued)
            .ToList();
        if (low > high)
            between.Reverse();
        return between;
    }

    private async Task<IReadOnlyList<KernelChoice>> SuiteAsync(
        string word,
        string suite,
        string range,
        CancellationToken cancellationToken
    )
    {
        if (!SuiteName().IsMatch(suite))
            throw new UsageException(
                $"{Nearest.Quote(word)}: {Nearest.Quote(suite)} is not the name of a suite, such as "
                    + $"bookworm or trixie-backports; {Expected}"
            );
        var (from, to) = range.Split("..", 2) is [var first, var last] ? (first, last) : (range, range);
        foreach (string bound in new[] { from, to }.Where(bound => bound.Length > 0 && !Bound().IsMatch(bound)))
            throw new UsageException(
                $"{Nearest.Quote(word)}: {Nearest.Quote(bound)} is not a version, such as 6.12.9; {Expected}"
            );
        var all = await suites.ListAsync(suite, cancellationToken);
        bool turned = from.Length > 0 && to.Length > 0 && KernelVersion.Parse(from) > KernelVersion.Parse(to);
        var (low, high) = turned ? (to, from) : (from, to);
        KernelChoice[] chosen = [.. all.Where(kernel => IsWithin(kernel.Version!, low, high))];
        if (chosen.Length == 0)
            throw new UsageException(
                $"{Nearest.Quote(word)}: {suite} holds no such kernel; it has {all.Count}, from "
                    + $"{all[0].Version} to {all[^1].Version}"
            );
        return turned ? [.. chosen.Reverse()] : chosen;
    }

    /// <summary>A bound means every version that begins with it: 6.18 is all of 6.18.y.</summary>
    internal static bool IsWithin(string version, string low, string high)
    {
        var own = KernelVersion.Parse(version);
        return (low.Length == 0 || BeginsWith(version, low) || own > KernelVersion.Parse(low))
            && (high.Length == 0 || BeginsWith(version, high) || own < KernelVersion.Parse(high));
    }

    private static bool BeginsWith(string version, string bound) =>
        version.StartsWith(bound, StringComparison.Ordinal)
        && (version.Length == bound.Length || !char.IsAsciiDigit(version[bound.Length]));

    private static KernelVersion VersionOf(string name) =>
        KernelVersion.TryParse(name, out var version)
            ? version
            : throw new UsageException(
                $"{name} has no version in its name, so nothing lies between it and another; list the "
                    + "kernels with commas"
            );

    [GeneratedRegex(@"\A[a-z][a-z0-9._-]*\z")]
    private static partial Regex SuiteName();

    [GeneratedRegex(@"\A[0-9]+(?:\.[0-9]+)+[A-Za-z0-9.+~-]*\z")]
    private static partial Regex Bound();
}
