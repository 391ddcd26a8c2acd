using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Guests;

/// <summary>Steps of a plan that another case, which began alike, has carried out already.</summary>
/// <param name="Case">The id of that case; null for an earlier attempt at the same.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Log">What happened in them; no guest runs at its end.</param>
public sealed record CycleStart(string? Case, int Steps, CycleLog Log);
