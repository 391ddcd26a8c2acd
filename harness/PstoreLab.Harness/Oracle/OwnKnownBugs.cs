using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// What a user's own list of known bugs excuses: findings that it names, and a case only where no other finding of the
/// product does not hold.
/// </summary>
internal static class OwnKnownBugs
{
    private const string Layer = "known";

    /// <summary>A failure as known, where one of the bugs names all that does not hold; another judgement as it
    /// is.</summary>
    public static Judgement Excuse(Plan plan, Judgement judged)
    {
        Finding[] broken = [.. judged.Findings.Where(finding => !finding.Held)];
        Finding[] product = [.. broken.Where(finding => !finding.IsOurs)];
        if (
            judged.Verdict != Verdict.Failed
            || product.Length == 0
            || (plan.Tolerated ?? []).FirstOrDefault(bug => product.All(finding => bug.Names(finding.Text)))
                is not { } bug
        )
            return judged;
        Finding[] findings = [.. judged.Findings, Note(bug.Bug, bug.Ticket, bug.Source)];
        // What the evidence cannot tell is excused by nobody.
        return broken.Except(product).FirstOrDefault() is { } ours
            ? new Judgement(Verdict.Infra, ours.Text, findings)
            : new Judgement(Verdict.Known, bug.Bug, findings);
    }

    /// <summary>Where the user follows a bug; nothing of one of the catalogue.</summary>
    public static IEnumerable<Finding> Note(PlannedKnownBug bug) =>
        bug.Ticket is { } ticket ? [Note(bug.Bug, ticket, bug.Instead.Source.ToString())] : [];

    private static Finding Note(string bug, string ticket, string source) =>
        new(true, Layer, $"{bug} is known: {ticket}", source);
}
