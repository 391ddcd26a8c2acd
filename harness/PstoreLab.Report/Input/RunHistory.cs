using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Report.Content;

namespace PstoreLab.Report.Input;

/// <summary>The last runs of the folder that a run lies in, and each case over them.</summary>
internal sealed class RunHistory
{
    /// <summary>Runs before this one that are looked at.</summary>
    private const int MostRuns = 10;

    private readonly RunResults _now;
    private readonly IReadOnlyList<(RunResults Run, Dictionary<string, CaseResult> Results)> _before;

    private RunHistory(RunResults now, IReadOnlyList<RunResults> before)
    {
        _now = now;
        _before =
        [
            .. before.Select(run => (run, run.Results.DistinctBy(one => one.Case).ToDictionary(one => one.Case))),
        ];
    }

    /// <summary>All of them, the oldest first, this one last.</summary>
    public IReadOnlyList<ReportRun> Runs =>
        [
            .. _before
                .Select(one => one.Run)
                .Append(_now)
                .Select(run => new ReportRun(
                    Path.GetFileName(run.Root),
                    run.Results.Min(result => result.Started),
                    Causes.Count(run.Results.Select(result => VerdictWord.Of(result.Verdict)))
                )),
        ];

    /// <summary>Reads the runs beside one that began before it, but for damaged ones.</summary>
    public static RunHistory Of(RunResults now)
    {
        var before = new List<RunResults>();
        var began = now.Results.Min(result => result.Started);
        var folders = Directory
            .EnumerateDirectories(Path.GetDirectoryName(now.Root)!)
            .Where(folder => folder != now.Root && new DirectoryInfo(folder).LinkTarget is null)
            .Where(RunResults.IsNamedBy)
            .OrderDescending(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            if (before.Count == MostRuns)
                break;
            try
            {
                var run = RunResults.Load(folder);
                if (run.Results.Min(result => result.Started) < began)
                    before.Insert(0, run);
            }
            catch (UsageException)
            {
                // Another run's results are not this one's to complain of.
            }
        }

        return new RunHistory(now, [.. before.OrderBy(run => run.Results.Min(result => result.Started))]);
    }

    public ReportHistory OfCase(CaseResult result)
    {
        var past = _before
            .Where(one => one.Results.ContainsKey(result.Case))
            .Select(one => (one.Run, Result: one.Results[result.Case]))
            .ToList();
        var same = past.Where(one => InputChanges.HasSameInputs(one.Run, one.Result, _now, result)).ToList();
        var good = past.LastOrDefault(one => one.Result.Verdict is Verdict.Passed or Verdict.Known);
        bool isGood = result.Verdict is Verdict.Passed or Verdict.Known;
        var compared =
            !isGood && good.Run is not null ? good
            : isGood && past.Count > 0 && past[^1].Result.Verdict != result.Verdict ? past[^1]
            : default;
        return new ReportHistory(
            [
                .. past.Append((Run: _now, Result: result))
                    .Select(one => new PastVerdict(
                        Path.GetFileName(one.Run.Root),
                        VerdictWord.Of(one.Result.Verdict),
                        IsUnsteady(one.Result)
                    )),
            ],
            !isGood && good.Run is not null ? Path.GetFileName(good.Run.Root) : null,
            compared.Run is null ? [] : InputChanges.Between(compared.Run, compared.Result, _now, result),
            same.Count + 1,
            same.Count(one => one.Result.Verdict != result.Verdict || IsUnsteady(one.Result))
                + (IsUnsteady(result) ? 1 : 0)
        );
    }

    // A failure is confirmed by another attempt, which is no sign of chance where both end alike.
    private static bool IsUnsteady(CaseResult result) =>
        result.Attempts.Any(attempt => attempt.Verdict != result.Verdict);
}
