using PstoreLab.Harness.Runs;
using static System.FormattableString;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>What a run takes, in words: <c>2148 cases, about 2.5 h; 2 kernels to fetch, 3 to build</c>.</summary>
internal static class EstimateWords
{
    public static string Of(RunEstimate estimate)
    {
        string time = estimate.Duration is { } duration ? $", about {About(duration)}" : "";
        string[] missing =
        [
            .. Missing(estimate.KernelsToFetch, "kernel", "to fetch"),
            .. Missing(estimate.KernelsToBuild, "kernel", "to build"),
            .. Missing(estimate.DisksToMake, "disk", "to make"),
        ];
        return Many(estimate.Cases, "case") + time + (missing.Length > 0 ? $"; {string.Join(", ", missing)}" : "");
    }

    private static string[] Missing(int count, string what, string task) =>
        count == 0 ? [] : [$"{Many(count, what)} {task}"];

    /// <summary>A time, rounded up to what a person can use.</summary>
    public static string About(TimeSpan duration) =>
        duration.TotalMinutes switch
        {
            < 1 => Invariant($"{Math.Max(1, Math.Ceiling(duration.TotalSeconds / 10)) * 10:0} s"),
            < 90 => Invariant($"{Math.Ceiling(duration.TotalMinutes):0} min"),
            _ => Invariant($"{duration.TotalHours:0.0} h"),
        };
}
