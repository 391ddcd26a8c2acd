namespace PstoreLab.Harness.Evidence;

/// <summary>What the oracle says of one attempt.</summary>
/// <param name="Reason">One sentence for a person; empty for <see cref="Verdict.Passed"/>.</param>
public sealed record Judgement(Verdict Verdict, string Reason, IReadOnlyList<Finding> Findings)
{
    /// <summary>
    /// Failed by the first finding that the product breaks; infra where all that do not hold are such as the evidence
    /// cannot tell of; passed where all hold.
    /// </summary>
    public static Judgement Of(IReadOnlyList<Finding> findings)
    {
        Finding[] broken = [.. findings.Where(finding => !finding.Held)];
        Finding[] product = [.. broken.Where(finding => !finding.IsOurs)];
        return broken.Length == 0 ? new Judgement(Verdict.Passed, "", findings)
            : product.Length > 0 ? new Judgement(Verdict.Failed, Sentence(product), findings)
            : new Judgement(Verdict.Infra, Sentence(broken), findings);
    }

    private static string Sentence(Finding[] broken) =>
        broken.Length == 1 ? broken[0].Text : $"{broken[0].Text} (and {broken.Length - 1} more)";
}
