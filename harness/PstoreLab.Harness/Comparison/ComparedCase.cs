namespace PstoreLab.Harness.Comparison;

/// <summary>How a case of B stands to the one of A, the worst first.</summary>
public enum Standing
{
    /// <summary>Fails in B, at least at times, and never in A.</summary>
    Regression,

    /// <summary>Fails in B as a catalogued bug says it does, and not in A.</summary>
    Catalogued,

    /// <summary>
    /// The machine got in the way, or the scenario is wrong, on one side: there is nothing to compare.
    /// </summary>
    NotCompared,

    /// <summary>Only one of the sides can run it.</summary>
    UnsupportedOnOne,

    /// <summary>Only in A: nobody knows what it does in B.</summary>
    OnlyInA,

    /// <summary>Only in B.</summary>
    OnlyInB,

    /// <summary>Failed, or showed a catalogued bug, in A, and does so no more.</summary>
    Fixed,

    /// <summary>Fails on both.</summary>
    FailsOnBoth,

    /// <summary>The same verdict.</summary>
    Same,

    /// <summary>Neither of the sides can run it.</summary>
    UnsupportedOnBoth,
}

/// <summary>One case, on both sides.</summary>
/// <param name="Case">What it is called without the compared dimensions.</param>
/// <param name="A">Its verdicts in A; null where A has none of it.</param>
/// <param name="Reason">Why the standing is what it is, in the words of the side that is worse off; empty where that
/// says nothing.</param>
/// <param name="EvidenceA">The folder that shows it; null for none.</param>
/// <param name="Changes">What differs in records and messages, whatever the verdicts; null where it could not be
/// compared.</param>
public sealed record ComparedCase(
    string Case,
    Standing Standing,
    string? A,
    string? B,
    string Reason,
    string? EvidenceA,
    string? EvidenceB,
    IReadOnlyList<string>? Changes
);

/// <summary>Two runs, case by case.</summary>
/// <param name="Across">The dimensions that A and B may differ in and that name no case; empty when the cases are the
/// same.</param>
/// <param name="Cases">The worst first, then by name.</param>
public sealed record RunComparison(
    ComparedSide A,
    ComparedSide B,
    IReadOnlyList<string> Across,
    IReadOnlyList<ComparedCase> Cases,
    Timing Timing
)
{
    public IEnumerable<ComparedCase> With(Standing standing) => Cases.Where(one => one.Standing == standing);

    public bool HasRegression => With(Standing.Regression).Any();

    /// <summary>How many cases have a verdict of their kernel on both sides.</summary>
    public int Compared =>
        Cases.Count(one =>
            one.Standing
                is not (
                    Standing.UnsupportedOnBoth
                    or Standing.NotCompared
                    or Standing.UnsupportedOnOne
                    or Standing.OnlyInA
                    or Standing.OnlyInB
                )
        );

    /// <summary>Whether a case could not be compared because of the machine or the scenario.</summary>
    public bool IsIncomplete => With(Standing.NotCompared).Any();
}

/// <summary>One side, as a whole.</summary>
/// <param name="Results">How many, each repetition counted.</param>
/// <param name="Kernels">Every kernel that was booted: what <c>uname -r</c> says, and the version of its
/// package.</param>
public sealed record ComparedSide(string Label, string Root, int Results, IReadOnlyList<string> Kernels)
{
    /// <summary>What was appended to the kernels' command lines; none for nothing.</summary>
    public IReadOnlyList<string> Appended { get; init; } = [];
}
