using System.Text.RegularExpressions;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Reports.Coverage;

/// <summary>Documented features by backend and kernel, and what runs have shown of each.</summary>
/// <param name="Cells">One for every feature, backend and kernel.</param>
public sealed partial record CoverageTable(
    IReadOnlyList<Feature> Features,
    IReadOnlyList<string> Backends,
    IReadOnlyList<string> Kernels,
    IReadOnlyList<CoverageCell> Cells
)
{
    /// <param name="cases">All cases there are.</param>
    /// <param name="runs">Of several results of a case the last one counts.</param>
    public static CoverageTable Of(
        IReadOnlyList<Feature> features,
        IReadOnlyList<string> backends,
        IReadOnlyList<string> kernels,
        IReadOnlyList<Case> cases,
        IEnumerable<RunResults> runs
    )
    {
        var results = runs.SelectMany(run => run.Results)
            .GroupBy(result => result.Case)
            .ToDictionary(group => group.Key, group => group.MaxBy(result => result.Started)!);
        var placed = (
            from @case in cases
            from feature in @case.Covers
            from kernel in @case.Kernels
            select (Place: (feature, @case.Backend, kernel), Case: @case.Id)
        ).ToLookup(one => one.Place, one => one.Case);
        return new CoverageTable(
            features,
            backends,
            kernels,
            [
                .. from feature in features
                from backend in backends
                from kernel in kernels
                select Cell(feature, backend, kernel, [.. placed[(feature.Name, backend, kernel)]], results),
            ]
        );
    }

    /// <summary>
    /// The cells that nobody can answer for: a case failed or has no result, or there is neither a case nor a reason.
    /// </summary>
    public IEnumerable<CoverageCell> Open =>
        Cells.Where(cell => cell.State is CoverageState.Failed or CoverageState.NotRun or CoverageState.Empty);

    private static CoverageCell Cell(
        Feature feature,
        string backend,
        string kernel,
        IReadOnlyList<string> cases,
        Dictionary<string, CaseResult> results
    )
    {
        CoverageCell With(CoverageState state, string why) =>
            new(feature.Name, backend, kernel, state, cases.Count, why);

        if (cases.Count == 0)
            return feature.AbsenceOn(backend, kernel) is { } reason
                ? With(CoverageState.Excused, reason)
                : With(CoverageState.Empty, "no case, and no reason given");
        var found = cases.Select(results.GetValueOrDefault).OfType<CaseResult>().ToList();
        var bad = found.Where(result => IsBad(result.Verdict)).ToList();
        return bad.Count > 0 ? With(CoverageState.Failed, string.Join(", ", bad.Select(result => result.Case)))
            : found.Count < cases.Count
                ? With(CoverageState.NotRun, $"{cases.Count - found.Count} of {cases.Count} cases were not run")
            : Reasons(found, Verdict.Known, result => result.Reason) is { Length: > 0 } bugs
                ? With(CoverageState.Known, bugs)
            : found.All(result => result.Verdict == Verdict.Unsupported)
                ? With(CoverageState.Unsupported, Reasons(found, Verdict.Unsupported, Missing))
            : With(CoverageState.Passed, "");
    }

    private static bool IsBad(Verdict verdict) =>
        verdict is Verdict.Failed or Verdict.Infra or Verdict.Error or Verdict.Internal;

    private static string Reasons(IEnumerable<CaseResult> results, Verdict verdict, Func<CaseResult, string> reason) =>
        string.Join(
            ", ",
            results.Where(result => result.Verdict == verdict).Select(reason).Distinct().Order(StringComparer.Ordinal)
        );

    // The option says it all; what else may be missing is said in words.
    private static string Missing(CaseResult result) =>
        Option().Match(result.Reason) is { Success: true } option ? option.Value : result.Reason;

    [GeneratedRegex(@"CONFIG_[A-Z0-9_]+")]
    private static partial Regex Option();
}
