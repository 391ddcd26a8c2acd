using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Oracle;

/// <summary>What is said of one dump of a real machine, or of a crash without one.</summary>
/// <param name="Verdict"><c>passed</c> for a whole dump, <c>failed</c> for one that is not, <c>infra</c> where the
/// console cannot say it.</param>
/// <param name="Dump">Which one, such as <c>Panic#1 of ramoops</c>.</param>
/// <param name="Texts">Sentences without a full stop, at least one.</param>
public sealed record FieldFinding(Verdict Verdict, string Dump, IReadOnlyList<string> Texts);
