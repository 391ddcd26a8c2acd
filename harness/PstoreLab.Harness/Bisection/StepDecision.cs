using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Bisection;

/// <summary>
/// When the verdicts of one version are enough. As many as were asked for, and alike, are. Where they differ, or the
/// machine got in the way, it is tried again, up to 2n + 1 times, and then the majority decides; without one the
/// version is skipped.
/// </summary>
internal static class StepDecision
{
    /// <param name="repeat">How many verdicts were asked for.</param>
    /// <returns>Null when it must be tried again.</returns>
    public static StepAnswer? Of(IReadOnlyList<Verdict> trials, int repeat)
    {
        if (trials.Contains(Verdict.Unsupported))
            return StepAnswer.Skipped;
        int good = trials.Count(verdict => verdict == Verdict.Passed);
        int bad = trials.Count(IsBad);
        if (good + bad >= repeat && (good == 0 || bad == 0))
            return good > 0 ? StepAnswer.Good : StepAnswer.Bad;
        // A machine, or a harness, that got in the way each time will do so again.
        if (good + bad == 0 && trials.Count > repeat)
            return StepAnswer.Skipped;
        if (trials.Count < (2 * repeat) + 1)
            return null;
        return good > bad ? StepAnswer.Good
            : bad > good ? StepAnswer.Bad
            : StepAnswer.Skipped;
    }

    /// <summary>
    /// How many to try at once: what is missing to the number that was asked for, then one after the other.
    /// </summary>
    public static int More(IReadOnlyList<Verdict> trials, int repeat) => Math.Max(1, repeat - trials.Count);

    /// <summary>Whether the version's verdicts differ, so that the answer rests on a majority.</summary>
    public static bool IsUncertain(IReadOnlyList<Verdict> trials) =>
        trials.Contains(Verdict.Passed) && trials.Any(IsBad);

    // A catalogued bug is one all the same: the question is where it came from.
    private static bool IsBad(Verdict verdict) => verdict is Verdict.Failed or Verdict.Known;
}
