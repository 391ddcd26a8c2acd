namespace PstoreLab.Harness.Evidence;

/// <summary>What the oracle says of one attempt.</summary>
/// <param name="Reason">One sentence for a person; empty for <see cref="Verdict.Passed"/>.</param>
public sealed record Judgement(Verdict Verdict, string Reason, IReadOnlyList<Finding> Findings);
