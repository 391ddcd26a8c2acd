using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// An entry of the bug catalogue: what a name under <c>known</c> means. The catalogue is all <c>bugs</c> of the shipped
/// scenarios.
/// </summary>
/// <param name="Component">What has it, such as <c>ramoops</c> or <c>systemd-pstore</c>.</param>
/// <param name="Affected">Which versions, and under which circumstances.</param>
/// <param name="Reference">Commits, CVEs, issues, files of the source.</param>
/// <param name="Remedy">What somebody who has it does.</param>
/// <param name="NotShown">Why no case is known to show it; null where one is.</param>
/// <param name="Source">Where it is described.</param>
public sealed record Bug(
    string Name,
    string Component,
    string Affected,
    string Cause,
    IReadOnlyList<string> Reference,
    string Remedy,
    string? NotShown,
    SourceLocation Source
)
{
    /// <summary>The scenarios that have it under <c>known</c>, as <c>family/scenario</c>.</summary>
    public IReadOnlyList<string> ShownBy { get; init; } = [];

    /// <summary>What is said where it strikes; empty where nothing is.</summary>
    public IReadOnlyList<MessagePattern> Messages { get; init; } = [];

    /// <summary>What is lost by it, and what is not; null where that goes without saying.</summary>
    public string? Lost { get; init; }

    /// <summary>Those of a catalogue that have one of these names; all of them for none.</summary>
    /// <exception cref="UsageException">There is no bug of a name.</exception>
    public static IReadOnlyList<Bug> Named(IReadOnlyList<string> names, IReadOnlyList<Bug> catalogue) =>
        names.FirstOrDefault(name => catalogue.All(bug => bug.Name != name)) is { } unknown
            ? throw new UsageException(Nearest.Unknown("bug", unknown, [.. catalogue.Select(bug => bug.Name)]))
        : names.Count == 0 ? catalogue
        : [.. catalogue.Where(bug => names.Contains(bug.Name))];
}
