using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>The one verdict of several cases.</summary>
public static class CellVerdict
{
    /// <summary>
    /// From the worst to the best. A broken kernel, then a broken harness, scenario and machine, as in the exit code
    /// of <c>run</c>; a catalogued bug is more to know than a pass; and what could not be run says least, so it counts
    /// only where nothing could.
    /// </summary>
    public static IReadOnlyList<Verdict> Order { get; } =
    [
        Verdict.Failed,
        Verdict.Internal,
        Verdict.Error,
        Verdict.Infra,
        Verdict.Known,
        Verdict.Passed,
        Verdict.Unsupported,
    ];

    /// <param name="verdicts">At least one.</param>
    public static Verdict Worst(IEnumerable<Verdict> verdicts) => verdicts.MinBy(Rank);

    /// <summary>Its place in <see cref="Order"/>.</summary>
    public static int Rank(Verdict verdict) => ((List<Verdict>)[.. Order]).IndexOf(verdict);

    public static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>How often each is there, the worst first.</summary>
    public static IReadOnlyDictionary<string, int> Count(IEnumerable<Verdict> verdicts) =>
        new OrderedDictionary<string, int>(
            verdicts
                .CountBy(verdict => verdict)
                .OrderBy(pair => Rank(pair.Key))
                .Select(pair => KeyValuePair.Create(Word(pair.Key), pair.Value))
        );
}
