using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Scenarios;

/// <summary>The names a scenario may use that are catalogued elsewhere.</summary>
public sealed record Vocabulary(
    IReadOnlyCollection<string> Backends,
    IReadOnlyCollection<string> Crashes,
    IReadOnlyCollection<string> Kernels
)
{
    /// <summary>The machines.</summary>
    public IReadOnlyCollection<string> Machines { get; init; } = [MachineCatalogue.Default.Name];

    /// <summary>The guests with systemd.</summary>
    public IReadOnlyCollection<string> SystemdGuests { get; init; } = [];

    /// <summary>
    /// The version of systemd in them, by name, such as <c>252</c>; those are left out of which it is not known.
    /// </summary>
    public IReadOnlyDictionary<string, string> SystemdVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The systemd guests that take the place of those a scenario names in its dimension <c>systemd</c>
    /// (<see cref="Substitution"/>).
    /// </summary>
    public IReadOnlyList<string> SystemdInPlace { get; init; } = [];

    /// <summary>The documented features that a scenario may say it shows.</summary>
    public IReadOnlyCollection<string> Features { get; init; } = [];

    /// <summary>The crash triggers that a kernel survives: more can be done to its guest without a restart.</summary>
    public IReadOnlyCollection<string> Survived { get; init; } = [];

    /// <summary>What <c>uname -r</c> says of user-supplied kernels, by name.</summary>
    public IReadOnlyDictionary<string, string> KernelVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The kernels that take the place of those a scenario names in its dimensions (<see cref="Substitution"/>).
    /// </summary>
    public IReadOnlyList<string> InPlace { get; init; } = [];

    /// <summary>
    /// Those of <see cref="InPlace"/> that the catalogue has: a scenario that names one among others is to run with it
    /// alone.
    /// </summary>
    public IReadOnlyList<string> CataloguedInPlace { get; init; } = [];
}
