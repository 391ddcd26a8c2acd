namespace PstoreLab.Harness.Comparison;

/// <summary>A state of the crash cycle that takes another time in B than in A.</summary>
/// <param name="Case">The case; null for all of them together.</param>
/// <param name="A">Median seconds in A.</param>
/// <param name="Basis">What rules out that it is noise.</param>
public sealed record TimingShift(string? Case, string State, double A, double B, string Basis);

/// <summary>What the seconds of both sides show.</summary>
/// <param name="Basis">How noise was judged, and what could not be; always something.</param>
public sealed record Timing(IReadOnlyList<TimingShift> Shifts, IReadOnlyList<string> Basis);

/// <summary>
/// Separates shifts of seconds per state from noise: a single case by its repetitions, all cases together by how many
/// are slower. Both are compared with chance among all that is compared here, and a shift below a tenth is not reported
/// at all.
/// </summary>
internal static class TimingShifts
{
    private const double LeastRatio = 1.1;
    private const double LeastSeconds = 0.05;

    public static Timing Between(IReadOnlyList<(string Case, CaseSide A, CaseSide B)> pairs)
    {
        var accelerators = pairs
            .SelectMany(pair => pair.A.Results.Concat(pair.B.Results))
            .Select(result => result.Accelerator)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (accelerators.Count > 1)
            return new Timing(
                [],
                [$"not compared: run with different accelerators ({string.Join(", ", accelerators)})"]
            );
        Sample[] samples = [.. pairs.SelectMany(pair => Samples(pair.Case, pair.A, pair.B))];
        if (samples.Length == 0)
            return new Timing([], ["not compared: no case has seconds on both sides"]);
        var basis = new List<string>();
        TimingShift[] shifts = [.. Together(samples, basis), .. Single(samples, basis)];
        if (shifts.Length > 0 && !Overlap(pairs))
            basis.Add("A and B were not run at the same time: a host that was busier then shifts all states alike");
        return new Timing(shifts, basis);
    }

    private static IEnumerable<Sample> Samples(string @case, CaseSide a, CaseSide b) =>
        from state in a.Judged.SelectMany(result => result.SecondsPerState.Keys).Distinct()
        let before = Values(a, state)
        let after = Values(b, state)
        where before.Length > 0 && after.Length > 0
        select new Sample(@case, state, before, after);

    private static double[] Values(CaseSide side, string state) =>
        [
            .. side
                .Judged.Where(result => result.SecondsPerState.ContainsKey(state))
                .Select(result => result.SecondsPerState[state]),
        ];

    private static List<TimingShift> Together(Sample[] samples, List<string> basis)
    {
        var shifts = new List<TimingShift>();
        var states = samples.GroupBy(sample => sample.State).ToList();
        int most = states.Max(state => state.Count());
        if (Chance.OfSplit(most, 0) > Chance.Accepted / states.Count)
        {
            basis.Add(
                $"all cases together: {most} {(most == 1 ? "pair is" : "pairs are")} too few to separate "
                    + "anything from chance"
            );
            return shifts;
        }

        foreach (var state in states)
        {
            int slower = state.Count(sample => sample.B > sample.A);
            int faster = state.Count(sample => sample.B < sample.A);
            double ratio = Chance.Median(
                state.Where(sample => sample.A > 0).Select(sample => sample.B / sample.A).DefaultIfEmpty(1)
            );
            double a = Chance.Median(state.Select(sample => sample.A));
            double b = Chance.Median(state.Select(sample => sample.B));
            double chance = Chance.OfSplit(slower, faster);
            if (chance <= Chance.Accepted / states.Count && IsLarge(ratio) && Math.Abs(b - a) >= LeastSeconds)
                shifts.Add(
                    new TimingShift(
                        null,
                        state.Key,
                        a,
                        b,
                        $"{Math.Max(slower, faster)} of {state.Count()} cases "
                            + $"{(slower > faster ? "slower" : "faster")}, median ratio {ratio:0.00}, by chance "
                            + $"{chance:0.####}"
                    )
                );
        }

        basis.Add(
            $"all cases together: a sign test over {most} pairs for each of {states.Count} states, at most "
                + $"{Chance.Accepted:0.##} by chance in all, and at least a tenth"
        );
        return shifts;
    }

    private static List<TimingShift> Single(Sample[] samples, List<string> basis)
    {
        var shifts = new List<TimingShift>();
        double limit = Chance.Accepted / samples.Length;
        var able = samples
            .Where(sample => Chance.OfSeparation(sample.Before.Length, sample.After.Length) <= limit)
            .ToList();
        if (able.Count == 0)
        {
            int least = samples.Min(sample => Math.Min(sample.Before.Length, sample.After.Length));
            basis.Add(
                $"single cases: {least} {(least == 1 ? "run" : "runs")} a side cannot be separated from noise "
                    + $"among {samples.Length} comparisons; --repeat {Chance.RepetitionsFor(samples.Length)} on "
                    + "both sides would"
            );
            return shifts;
        }

        foreach (var sample in able)
        {
            bool apart = sample.Before.Max() < sample.After.Min() || sample.After.Max() < sample.Before.Min();
            if (apart && sample.A > 0 && IsLarge(sample.B / sample.A) && Math.Abs(sample.B - sample.A) >= LeastSeconds)
                shifts.Add(
                    new TimingShift(
                        sample.Case,
                        sample.State,
                        sample.A,
                        sample.B,
                        $"every one of {sample.After.Length} runs "
                            + $"{(sample.B > sample.A ? "slower" : "faster")} than each of {sample.Before.Length}"
                    )
                );
        }

        basis.Add(
            $"single cases: medians of {able.Min(sample => sample.Before.Length)} runs and more, where no "
                + $"run of one side lies among those of the other, at most {Chance.Accepted:0.##} by chance in "
                + "all, and at least a tenth"
        );
        return shifts;
    }

    private static bool IsLarge(double ratio) => ratio >= LeastRatio || ratio <= 1 / LeastRatio;

    private static bool Overlap(IReadOnlyList<(string Case, CaseSide A, CaseSide B)> pairs)
    {
        var a = pairs.SelectMany(pair => pair.A.Results).Select(result => result.Started).ToList();
        var b = pairs.SelectMany(pair => pair.B.Results).Select(result => result.Started).ToList();
        return a.Min() <= b.Max() && b.Min() <= a.Max();
    }

    private sealed record Sample(string Case, string State, double[] Before, double[] After)
    {
        public double A { get; } = Chance.Median(Before);

        public double B { get; } = Chance.Median(After);
    }
}
