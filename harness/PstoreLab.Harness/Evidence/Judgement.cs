namespace PstoreLab.Harness.Evidence;

/// <summary>What the oracle says of one attempt.</summary>
/// <param name="Reason">One sentence for a person; empty for <see cref="Verdict.Passed"/>.</param>
public sealed record Judgement(Verdict Verdict, string Reason, IReadOnlyList<Finding> Findings)
{
    /// <summary>Failed by the first finding that does not hold; passed where all do.</summary>
    public static Judgement Of(IReadOnlyList<Finding> findings)
    {
        Finding[] broken = [.. findings.Where(finding => !finding.Held)];
        return broken switch
        {
            [] => new Judgement(Verdict.Passed, "", findings),
            [var only] => new Judgement(Verdict.Failed, only.Text, findings),
            [var first, ..] => new Judgement(Verdict.Failed, $"{first.Text} (and {broken.Length - 1} more)", findings),
        };
    }
}
