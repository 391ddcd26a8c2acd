using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// Conditions on dimensions that must all hold; one matcher for <c>quick</c>, <c>exclude</c>, <c>when</c> and
/// <c>--filter</c>.
/// </summary>
internal sealed class DimensionMatch
{
    /// <summary>The dimension that means every kernel a case boots, whichever dimension it comes from.</summary>
    public const string Kernel = "kernel";

    public required IReadOnlyList<(string Name, ValueMatch Match)> Conditions { get; init; }

    public bool Matches(Func<string, IEnumerable<string>> valuesOf) =>
        Conditions.All(condition => valuesOf(condition.Name).Any(value => condition.Match.Matches(value)));

    public bool Matches(Case @case) => Conditions.All(condition => Holds(condition, @case));

    /// <summary>Whether one of the conditions holds; never for none of some.</summary>
    public bool MatchesAny(Case @case) => Conditions.Any(condition => Holds(condition, @case));

    private static bool Holds((string Name, ValueMatch Match) condition, Case @case) =>
        ValuesOf(@case, condition.Name)
            .Any(value => condition.Match.Matches(value, @case.KernelVersions.GetValueOrDefault(value)));

    /// <summary>The dimension of systemd guests, which are known by their systemd's version, too.</summary>
    public const string Systemd = "systemd";

    /// <summary>The dimension of machines; a case that has none runs on the default one.</summary>
    public const string Machine = "machine";

    /// <summary>What a case has in a dimension; nothing where it has no such dimension.</summary>
    public static IEnumerable<string> ValuesOf(Case @case, string name) =>
        name switch
        {
            "backend" => [@case.Backend],
            "family" => [@case.Family],
            "scenario" => [@case.Scenario],
            "quick" => [@case.Quick ? "true" : "false"],
            Kernel => @case.Kernels,
            Machine => [@case.Machine],
            Systemd => Guests(@case),
            _ => @case.Dimensions.TryGetValue(name, out var value) ? [value] : [],
        };

    // A range of versions speaks of systemd's, a name of the guest.
    private static IEnumerable<string> Guests(Case @case) =>
        !@case.Dimensions.TryGetValue(Systemd, out var guest) ? []
        : @case.SystemdVersions.TryGetValue(guest, out var version) ? [guest, $"{Systemd}-{version}"]
        : [guest];

    /// <param name="fault">Reports a pattern that cannot be.</param>
    public static DimensionMatch Parse(
        IEnumerable<KeyValuePair<string, string>> conditions,
        Func<string, UsageException> fault
    ) =>
        new()
        {
            Conditions = [.. conditions.Select(condition => (condition.Key, ValueMatch.Parse(condition.Value, fault)))],
        };
}
