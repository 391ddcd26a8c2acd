namespace PstoreLab.Harness.Bisection;

/// <summary>What a version turned out to be.</summary>
public enum StepAnswer
{
    /// <summary>The case passes.</summary>
    Good,

    /// <summary>It fails.</summary>
    Bad,

    /// <summary>Nothing can be said: this version cannot run the case, or never came to a verdict.</summary>
    Skipped,
}

/// <summary>How a search ended.</summary>
public enum BisectEnding
{
    /// <summary>It has not.</summary>
    Open,

    /// <summary>The first bad version is known.</summary>
    Found,

    /// <summary>Known to be among those that were skipped before the first bad one, or that one.</summary>
    Range,

    /// <summary>Both ends pass.</summary>
    BothGood,

    /// <summary>Both ends fail.</summary>
    BothBad,

    /// <summary>The first end fails and the last one passes.</summary>
    Reversed,

    /// <summary>Fewer than two versions can be judged.</summary>
    NothingToTest,
}

/// <summary>Where a search stands.</summary>
/// <param name="LastGood">Place of the last version that is known to pass.</param>
/// <param name="FirstBad">Place of the first version that is known to fail.</param>
/// <param name="Between">Places between them, all skipped when the search is over.</param>
public sealed record BisectOutcome(BisectEnding Ending, int? LastGood, int? FirstBad, IReadOnlyList<int> Between);

/// <summary>
/// Which version to try next, given the answers: both ends first, then always the middle of what is left. A version
/// that cannot be judged is left out of that; at an end, the next one takes its place. Pure: the same answers give the
/// same next step.
/// </summary>
/// <param name="count">How many versions there are, in order.</param>
public sealed class BisectSearch(int count)
{
    private readonly Dictionary<int, StepAnswer> _answers = [];

    /// <summary>Steps it takes at most when nothing is skipped: two ends and ceil(log2 n) between them.</summary>
    public static int MostSteps(int count) => count <= 2 ? count : 2 + (int)Math.Ceiling(Math.Log2(count - 1));

    public void Answer(int index, StepAnswer answer) => _answers[index] = answer;

    /// <summary>The place of the version to try; null when the search is over.</summary>
    public int? Next
    {
        get
        {
            if (FirstWhere(index => Of(index) != StepAnswer.Skipped) is not { } left)
                return null;
            if (Of(left) is null)
                return left;
            int right = LastWhere(index => Of(index) != StepAnswer.Skipped)!.Value;
            if (Of(right) is null)
                return right;
            if (right == left || Of(left) != StepAnswer.Good || Of(right) != StepAnswer.Bad)
                return null;
            var (good, bad) = Bounds(left);
            // The middle of those that may still answer, not of the places: so each skipped one costs a single step and
            // no more.
            int[] candidates = [.. Enumerable.Range(good + 1, bad - good - 1).Where(index => Of(index) is null)];
            return candidates.Length == 0 ? null : candidates[(candidates.Length - 1) / 2];
        }
    }

    public BisectOutcome Outcome
    {
        get
        {
            int? left = FirstWhere(index => Of(index) != StepAnswer.Skipped);
            int? right = LastWhere(index => Of(index) != StepAnswer.Skipped);
            if (Next is not null)
                return new BisectOutcome(BisectEnding.Open, null, null, []);
            if (left is null || left == right)
                return new BisectOutcome(BisectEnding.NothingToTest, null, null, []);
            if ((Of(left.Value), Of(right!.Value)) is not (StepAnswer.Good, StepAnswer.Bad))
                return new BisectOutcome(
                    (Of(left.Value), Of(right.Value)) switch
                    {
                        (StepAnswer.Good, _) => BisectEnding.BothGood,
                        (_, StepAnswer.Bad) => BisectEnding.BothBad,
                        _ => BisectEnding.Reversed,
                    },
                    null,
                    null,
                    []
                );
            var (good, bad) = Bounds(left.Value);
            return new BisectOutcome(
                bad == good + 1 ? BisectEnding.Found : BisectEnding.Range,
                good,
                bad,
                [.. Enumerable.Range(good + 1, bad - good - 1)]
            );
        }
    }

    private (int Good, int Bad) Bounds(int left)
    {
        int bad = FirstWhere(index => index > left && Of(index) == StepAnswer.Bad)!.Value;
        return (LastWhere(index => index < bad && Of(index) == StepAnswer.Good)!.Value, bad);
    }

    private StepAnswer? Of(int index) => _answers.TryGetValue(index, out var answer) ? answer : null;

    private int? FirstWhere(Func<int, bool> condition) =>
        Enumerable.Range(0, count).Where(condition).Select(index => (int?)index).FirstOrDefault();

    private int? LastWhere(Func<int, bool> condition) =>
        Enumerable.Range(0, count).Reverse().Where(condition).Select(index => (int?)index).FirstOrDefault();
}
