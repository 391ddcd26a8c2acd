namespace PstoreLab.Harness.Scenarios;

/// <summary>The names a scenario may use that are catalogued elsewhere.</summary>
public sealed record Vocabulary(
    IReadOnlyCollection<string> Backends,
    IReadOnlyCollection<string> Crashes,
    IReadOnlyCollection<string> Kernels);
