namespace PstoreLab.Harness.Reports.Coverage;

/// <summary>What is known of one feature with one backend on one kernel.</summary>
/// <param name="State">What came of its cases, the worst first, or why there is none.</param>
/// <param name="Cases">How many cases there are.</param>
/// <param name="Why">The bugs, what is missing, what failed, or the reason why there is no case; empty where all
/// passed.</param>
public sealed record CoverageCell(
    string Feature,
    string Backend,
    string Kernel,
    CoverageState State,
    int Cases,
    string Why
);

/// <summary>How a cell of the table stands.</summary>
public enum CoverageState
{
    /// <summary>All that ran passed.</summary>
    Passed,

    /// <summary>What did not pass failed as a catalogued bug says.</summary>
    Known,

    /// <summary>No case can run: something is missing that is named.</summary>
    Unsupported,

    /// <summary>A case failed, or could not be judged.</summary>
    Failed,

    /// <summary>There are cases, and no result of any.</summary>
    NotRun,

    /// <summary>There is no case, for the reason that is given.</summary>
    Excused,

    /// <summary>There is neither a case nor a reason.</summary>
    Empty,
}
