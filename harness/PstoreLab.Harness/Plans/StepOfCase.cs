namespace PstoreLab.Harness.Plans;

/// <summary>
/// Where a plan starts that shares its first steps with another case of its run: with the store, and the evidence, that
/// the other case has after that step.
/// </summary>
/// <param name="Case">The id of the other case.</param>
/// <param name="Step">Number of the step, from 1; the same steps, with their nonces, are in both plans.</param>
public sealed record StepOfCase(string Case, int Step);
