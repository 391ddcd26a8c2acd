using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Tests.Plans;

public class CutPointTests
{
    [Test]
    public void The_same_seed_draws_the_same_points_and_another_one_others()
    {
        var (first, again, other) = (Points(1), Points(1), Points(2));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
        Assert.That(first.Distinct().Count(), Is.GreaterThan(40));

        static CutPoint[] Points(int seed) =>
            [.. Enumerable.Range(1, 50).Select(number => CutPoint.Draw(seed, number))];
    }

    [Test]
    public void Points_are_on_the_console_and_at_all_distances_from_the_stores_first_change()
    {
        CutPoint[] points =
        [
            .. from seed in Enumerable.Range(1, 5)
            from number in Enumerable.Range(1, 10)
            select CutPoint.Draw(seed, number),
        ];
        Assert.That(points.Count(point => point.Lines is >= 0 and < 30), Is.InRange(5, 25));
        int[] delays = [.. points.Where(point => point.Lines is null).Select(point => point.Microseconds)];
        Assert.That(delays, Has.All.InRange(0, 300_000));
        Assert.That(delays.Count(delay => delay < 300), Is.GreaterThan(3));
        Assert.That(delays.Count(delay => delay > 10_000), Is.GreaterThan(3));
    }
}
