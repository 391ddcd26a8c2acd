namespace PstoreLab.Harness.Scenarios;

/// <summary>The names a scenario may use that are catalogued elsewhere.</summary>
public sealed record Vocabulary(
    IReadOnlyCollection<string> Backends,
    IReadOnlyCollection<string> Crashes,
    IReadOnlyCollection<string> Kernels)
{
    /// <summary>The ways to crash that a kernel survives: more can be done to its guest without a restart.</summary>
    public IReadOnlyCollection<string> Survived { get; init; } = [];

    /// <summary>The kernels that take the place of those a scenario names in its dimensions (<see cref="KernelSubstitution"/>).</summary>
    public IReadOnlyList<string> InPlace { get; init; } = [];
}
