using System.Globalization;
using PstoreLab.Harness.Kernels;

namespace PstoreLab.Harness.Bisection;

/// <summary>What a search takes at most, as far as that is known beforehand.</summary>
/// <param name="Steps">Versions that are tried, when none is skipped and none is uncertain.</param>
/// <param name="Fetches">How many of those may need a fetch.</param>
/// <param name="Bytes">What is fetched at most; null where a size is not known.</param>
/// <param name="Seconds">What the runs take; null where the case was never run.</param>
public sealed record BisectCost(int Kernels, int Steps, int Repeat, int Fetches, long? Bytes, double? Seconds)
{
    /// <param name="kernels">In order, good end first.</param>
    /// <param name="isHere">Whether a kernel need not be fetched.</param>
    /// <param name="secondsPerRun">Of one run of the case; null where that is not known.</param>
    public static BisectCost Of(
        IReadOnlyList<KernelChoice> kernels,
        Func<KernelChoice, bool> isHere,
        int repeat,
        double? secondsPerRun
    )
    {
        int steps = BisectSearch.MostSteps(kernels.Count);
        KernelChoice[] ends = kernels.Count > 1 ? [kernels[0], kernels[^1]] : [.. kernels];
        // Which ones between will be tried depends on the answers: the largest are the most it can be.
        var fetched = ends.Where(kernel => !isHere(kernel))
            .Concat(
                kernels
                    .Skip(1)
                    .SkipLast(1)
                    .Where(kernel => !isHere(kernel))
                    .OrderByDescending(kernel => kernel.Bytes ?? long.MaxValue)
                    .Take(steps - ends.Length)
            )
            .ToList();
        return new BisectCost(
            kernels.Count,
            steps,
            repeat,
            fetched.Count,
            fetched.All(kernel => kernel.Bytes is not null) ? fetched.Sum(kernel => kernel.Bytes!.Value) : null,
            secondsPerRun * steps * repeat
        );
    }

    public override string ToString()
    {
        string runs =
            Repeat == 1 ? $"{Steps} runs of the case at most" : $"{Steps} steps of {Repeat} runs of the case at most";
        string fetching =
            Fetches == 0
                ? "nothing to fetch"
                : $"{Fetches} {(Fetches == 1 ? "kernel" : "kernels")} to fetch at most, "
                    + (Bytes is { } bytes ? $"{(bytes + 999_999) / 1_000_000} MB" : "of a size that is not known");
        string time = Seconds is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(seconds):0} s for the runs")
            : "the case was never run here, so nobody knows how long it takes";
        return $"{Kernels} {(Kernels == 1 ? "version" : "versions")}: {runs}; {fetching}; {time}";
    }
}
