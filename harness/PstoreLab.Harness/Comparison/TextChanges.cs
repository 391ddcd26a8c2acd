namespace PstoreLab.Harness.Comparison;

/// <summary>
/// How the records and the console of two sides of one case differ. What differs between repetitions of one side is no
/// difference between the sides: a property counts when no repetition of A has it as any of B has.
/// </summary>
internal static class TextChanges
{
    /// <summary>One sentence each, <c>A → B</c>; null where one side has no evidence to compare.</summary>
    public static IReadOnlyList<string>? Between(CaseSide a, CaseSide b)
    {
        CaseEvidence[] before = [.. a.Evidence.OfType<CaseEvidence>()];
        CaseEvidence[] after = [.. b.Evidence.OfType<CaseEvidence>()];
        return before.Length == 0 || after.Length == 0 ? null : [.. Records(before, after), .. Messages(before, after)];
    }

    private static IEnumerable<string> Records(CaseEvidence[] before, CaseEvidence[] after)
    {
        foreach (
            string of in before
                .Concat(after)
                .SelectMany(evidence => evidence.Records)
                .Select(record => record.Of)
                .Distinct()
                .Order(StringComparer.Ordinal)
        )
        {
            RecordFacts[] left = [.. before.SelectMany(evidence => evidence.Records).Where(record => record.Of == of)];
            RecordFacts[] right = [.. after.SelectMany(evidence => evidence.Records).Where(record => record.Of == of)];
            if (left.Length > 0 && right.Length > 0)
            {
                foreach (string change in Changes(left, right))
                    yield return $"{of}: {change}";
            }
            else if (left.Length == before.Length)
            {
                yield return $"{of} is gone: {Size(left)}";
            }
            else if (right.Length == after.Length)
            {
                yield return $"{of} is new: {Size(right)}";
            }
        }
    }

    private static IEnumerable<string> Changes(RecordFacts[] left, RecordFacts[] right)
    {
        var differences = new[]
        {
            Difference("reason", left, right, record => record.Reason ?? "not readable"),
            IsOfTheLogsLength(left, right) ? null : Difference("parts", left, right, record => $"{record.Parts}"),
            Difference("file names", left, right, record => record.Names),
            Difference("error correction", left, right, record => record.Ecc ?? "not reported"),
            Difference(
                "holds",
                left,
                right,
                record => record.BeginsWithLog ? "the log from its first line" : "the end of the log"
            ),
        };
        foreach (string difference in differences.OfType<string>())
            yield return difference;
        // A record that holds all of the log is as long as that is, which differs between kernels and is nothing that
        // pstore does.
        if (left.Concat(right).All(record => record.BeginsWithLog))
            yield break;
        int distance = Math.Max(
            right.Min(record => record.Bytes) - left.Max(record => record.Bytes),
            left.Min(record => record.Bytes) - right.Max(record => record.Bytes)
        );
        int leeway = left.Concat(right).Max(record => record.Leeway);
        if (distance > leeway)
            yield return $"size {Size(left)} → {Size(right)}; from run to run up to {leeway} bytes";
    }

    // A line more, by chance, and what just fitted into one part needs another.
    private static bool IsOfTheLogsLength(RecordFacts[] left, RecordFacts[] right) =>
        left.Concat(right).All(record => record.BeginsWithLog)
        && left.Any(one =>
            right.Any(other =>
                Math.Abs(one.Parts - other.Parts) == 1
                // A part twice is more than that.
                && Math.Abs(one.Bytes - other.Bytes) is var more
                && more > 0
                && more <= Math.Max(one.Leeway, other.Leeway)
            )
        );

    private static string? Difference(
        string what,
        RecordFacts[] left,
        RecordFacts[] right,
        Func<RecordFacts, string> property
    )
    {
        string[] before = [.. left.Select(property).Distinct().Order(StringComparer.Ordinal)];
        string[] after = [.. right.Select(property).Distinct().Order(StringComparer.Ordinal)];
        return before.Intersect(after).Any()
            ? null
            : $"{what} {string.Join(" or ", before)} → {string.Join(" or ", after)}";
    }

    private static IEnumerable<string> Messages(CaseEvidence[] before, CaseEvidence[] after)
    {
        var left = Always(before);
        var right = Always(after);
        foreach (string message in left.Where(message => !after.Any(evidence => evidence.Messages.Contains(message))))
            yield return $"only A says, {message}";
        foreach (string message in right.Where(message => !before.Any(evidence => evidence.Messages.Contains(message))))
            yield return $"only B says, {message}";
    }

    private static IEnumerable<string> Always(CaseEvidence[] side) =>
        side.Skip(1)
            .Aggregate(side[0].Messages.AsEnumerable(), (common, evidence) => common.Where(evidence.Messages.Contains))
            .ToList();

    private static string Size(RecordFacts[] records) =>
        (records.Min(record => record.Bytes), records.Max(record => record.Bytes)) switch
        {
            (var least, var most) when least == most => $"{least} bytes",
            (var least, var most) => $"{least} to {most} bytes",
        };
}
