using PstoreLab.Harness.Comparison;

namespace PstoreLab.Cli.Output;

/// <summary>Reports what was left out of results that are read.</summary>
internal static class RunNotices
{
    public static void Print(params IReadOnlyList<RunResults> runs)
    {
        foreach (string notice in runs.Select(run => run.Notice).OfType<string>().Distinct())
            Terminal.Error(notice);
    }
}
