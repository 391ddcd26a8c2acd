using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Comparison;

/// <summary>
/// Holds two runs of one case by one kernel against each other, which are to give the same: the verdict, each finding,
/// the records with their parts, what pstore says on the consoles, and the text of the records up to times and
/// addresses.
/// </summary>
internal static class WayComparison
{
    /// <summary>A sentence for each difference, <c>A → B</c>.</summary>
    public static IReadOnlyList<string> Between(CaseResult a, CaseFolder folderA, CaseResult b, CaseFolder folderB)
    {
        if (a.Verdict != b.Verdict)
            return [$"{Outcome(a)} → {Outcome(b)}"];
        return [.. Findings(a, b), .. Facts(Side(a, folderA), Side(b, folderB)), .. Texts(a, folderA, b, folderB)];
    }

    private static string Outcome(CaseResult result) =>
        result.Reason.Length == 0
            ? $"{result.Verdict}".ToLowerInvariant()
            : $"{$"{result.Verdict}".ToLowerInvariant()} ({result.Reason})";

    private static IEnumerable<string> Findings(CaseResult a, CaseResult b)
    {
        var left = a.Findings.Select(What).ToList();
        var right = b.Findings.Select(What).ToList();
        return left.SequenceEqual(right)
            ? []
            : left.Except(right)
                .Select(finding => $"only A finds: {finding}")
                .Concat(right.Except(left).Select(finding => $"only B finds: {finding}"))
                .DefaultIfEmpty($"{left.Count} findings → {right.Count}");
    }

    // The sentence itself has sizes and times in it.
    private static string What(Finding finding) =>
        $"{finding.Layer} at {finding.Source} {(finding.Held ? "holds" : "does not hold")}";

    private static CaseSide Side(CaseResult result, CaseFolder folder) =>
        new(result.Case, [result], [CaseEvidence.In(folder, result.Nonces)]);

    private static IEnumerable<string> Facts(CaseSide a, CaseSide b) =>
        TextChanges.Between(a, b) ?? (a.Evidence[0] is null == b.Evidence[0] is null ? [] : ["only one has evidence"]);

    private static IEnumerable<string> Texts(CaseResult a, CaseFolder folderA, CaseResult b, CaseFolder folderB)
    {
        var left = Lines(folderA, a.Nonces);
        var right = Lines(folderB, b.Nonces);
        // A record that only one has is told by its facts.
        return left
            .Keys.Intersect(right.Keys)
            .SelectMany(of => RecordLines.Between(left[of], right[of]).Select(difference => $"{of}: {difference}"));
    }

    private static Dictionary<string, IReadOnlyList<string>> Lines(CaseFolder folder, IReadOnlyList<string> nonces) =>
        RecordFacts
            .RecordsIn(folder, nonces)
            // The bytes of one that nobody could read are other ones each time.
            .Where(record => nonces.Any(record.Record.IsOf))
            .ToDictionary(record => record.Of, record => RecordLines.Of(record.Record));
}
