using PstoreLab.Harness.Bisection;

namespace PstoreLab.Harness.Tests.Bisection;

/// <summary>
/// Which version is tried next, over every place that the first bad one can have, and thousands of ways to skip some.
/// </summary>
public class BisectSearchTests
{
    [Test]
    public void The_first_bad_version_is_found_wherever_it_is_in_no_more_steps_than_were_told()
    {
        for (int count = 2; count <= 130; count++)
        {
            for (int firstBad = 1; firstBad < count; firstBad++)
            {
                var (outcome, tried) = Search(count, index => index < firstBad ? StepAnswer.Good : StepAnswer.Bad);
                Assert.That(outcome.Ending, Is.EqualTo(BisectEnding.Found));
                Assert.That((outcome.LastGood, outcome.FirstBad), Is.EqualTo(((int?)(firstBad - 1), (int?)firstBad)));
                Assert.That(tried, Has.Count.LessThanOrEqualTo(BisectSearch.MostSteps(count)).And.Unique);
            }
        }
    }

    [TestCase(2, ExpectedResult = 2)]
    [TestCase(3, ExpectedResult = 3)]
    [TestCase(5, ExpectedResult = 4)]
    [TestCase(33, ExpectedResult = 7)]
    [TestCase(34, ExpectedResult = 8)]
    public int Two_ends_and_the_logarithm_are_told(int count) => BisectSearch.MostSteps(count);

    [Test]
    public void Both_ends_are_tried_first()
    {
        Assert.That(
            Search(9, index => index < 4 ? StepAnswer.Good : StepAnswer.Bad).Tried.Take(2),
            Is.EqualTo(new[] { 0, 8 })
        );
    }

    [Test]
    public void Whatever_is_skipped_the_answer_holds_and_is_as_narrow_as_it_can_be()
    {
        for (int seed = 1; seed <= 5000; seed++)
            HoldsWith(seed);
    }

    private static void HoldsWith(int seed)
    {
        var random = new Random(seed);
        int count = random.Next(2, 60);
        int firstBad = random.Next(0, count + 1);
        double skipping = random.NextDouble();
        bool[] skipped = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < skipping)];
        StepAnswer Truth(int index) =>
            skipped[index] ? StepAnswer.Skipped
            : index < firstBad ? StepAnswer.Good
            : StepAnswer.Bad;

        var (outcome, tried) = Search(count, Truth);

        int[] judged = [.. Enumerable.Range(0, count).Where(index => !skipped[index])];
        Assert.That(tried, Is.Unique);
        Assert.That(tried.Count, Is.LessThanOrEqualTo(BisectSearch.MostSteps(count) + skipped.Count(one => one)));
        if (judged.Length < 2)
        {
            Assert.That(outcome.Ending, Is.EqualTo(BisectEnding.NothingToTest));
            return;
        }

        int good = judged.LastOrDefault(index => index < firstBad, -1);
        int bad = judged.FirstOrDefault(index => index >= firstBad, -1);
        if (good < 0 || bad < 0)
        {
            Assert.That(outcome.Ending, Is.EqualTo(good < 0 ? BisectEnding.BothBad : BisectEnding.BothGood));
            return;
        }

        Assert.That(outcome.Ending, Is.EqualTo(bad == good + 1 ? BisectEnding.Found : BisectEnding.Range));
        Assert.That((outcome.LastGood, outcome.FirstBad), Is.EqualTo(((int?)good, (int?)bad)));
        Assert.That(outcome.Between, Is.EqualTo(Enumerable.Range(good + 1, bad - good - 1)));
        Assert.That(outcome.Between.Append(bad), Does.Contain(firstBad), "the truth is among them");
        Assert.That(outcome.Between.All(index => skipped[index]), "and nothing that could have been judged");
    }

    [Test]
    public void Ends_the_wrong_way_round_are_told_and_cost_two_steps()
    {
        var (outcome, tried) = Search(20, index => index < 7 ? StepAnswer.Bad : StepAnswer.Good);
        Assert.That(outcome.Ending, Is.EqualTo(BisectEnding.Reversed));
        Assert.That(tried, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_search_that_is_not_over_names_nothing()
    {
        var search = new BisectSearch(5);
        search.Answer(0, StepAnswer.Good);
        search.Answer(4, StepAnswer.Bad);
        Assert.That(search.Next, Is.EqualTo(2));
        Assert.That(
            search.Outcome,
            Is.EqualTo(new BisectOutcome(BisectEnding.Open, null, null, search.Outcome.Between))
        );
    }

    private static (BisectOutcome Outcome, List<int> Tried) Search(int count, Func<int, StepAnswer> truth)
    {
        var search = new BisectSearch(count);
        var tried = new List<int>();
        while (search.Next is { } next)
        {
            tried.Add(next);
            search.Answer(next, truth(next));
            Assert.That(tried, Has.Count.LessThanOrEqualTo(count), "it ends");
        }

        return (search.Outcome, tried);
    }
}
