using System.Text.RegularExpressions;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>
/// A kernel's name taken apart: <c>debian-6.12</c> is 6.12 of debian, and stands beside the other kernels of Debian.
/// Ordered by where they come from, then by version; the user's own, which have no version in their name, come last.
/// </summary>
/// <param name="Origin">Empty where the name is no origin and version.</param>
/// <param name="Version">The rest of the name, or all of it.</param>
internal sealed partial record KernelLabel(string Origin, string Version) : IComparable<KernelLabel>
{
    public static KernelLabel Of(string name) =>
        Pattern().Match(name) is { Success: true } match
            ? new KernelLabel(match.Groups["origin"].Value, match.Groups["version"].Value)
            : new KernelLabel("", name);

    /// <summary>Names in this order, each once.</summary>
    public static IReadOnlyList<string> Sort(IEnumerable<string> names) =>
        [.. names.Distinct().OrderBy(Of).ThenBy(name => name, StringComparer.Ordinal)];

    public int CompareTo(KernelLabel? other)
    {
        if (other is null)
            return 1;
        int order = (Origin.Length == 0).CompareTo(other.Origin.Length == 0);
        if (order == 0)
            order = string.CompareOrdinal(Origin, other.Origin);
        return order == 0 && Parsed() is { } mine && other.Parsed() is { } theirs ? mine.CompareTo(theirs) : order;
    }

    private KernelVersion? Parsed() =>
        Origin.Length > 0 && KernelVersion.TryParse(Version, out var version) ? version : null;

    [GeneratedRegex(@"\A(?<origin>.+?)-(?<version>\d.*)\z", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
