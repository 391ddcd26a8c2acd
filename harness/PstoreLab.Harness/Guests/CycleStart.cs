using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Guests;

/// <summary>Steps of a plan that another attempt has carried out already.</summary>
/// <param name="Steps">How many steps.</param>
/// <param name="Log">What happened in them; no guest runs at its end.</param>
public sealed record CycleStart(int Steps, CycleLog Log);
