namespace PstoreLab.Harness.Evidence;

/// <summary>
/// The first line of a record that is not what it should be, beside what it should be. Long lines are cut to the place
/// where they differ.
/// </summary>
/// <param name="Number">Its number in the record, from 1.</param>
/// <param name="Expected">What the console has; null where it has no more lines.</param>
/// <param name="Found">What the record has; null where it has no more lines.</param>
public sealed record LineDifference(int Number, string? Expected, string? Found);
