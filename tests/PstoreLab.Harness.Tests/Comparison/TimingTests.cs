using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Tests.Comparison;

/// <summary>When seconds are called a shift, and above all when not.</summary>
public class TimingTests
{
    private SideBench _bench = null!;

    [SetUp]
    public void SetUp() => _bench = new SideBench();

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public void One_run_a_side_is_never_called_a_shift_however_much_slower()
    {
        _bench.Add("a", "whole", Verdict.Passed, booting: 1);
        _bench.Add("b", "whole", Verdict.Passed, booting: 100);
        var timing = _bench.Compare().Timing;
        Assert.That(timing.Shifts, Is.Empty);
        Assert.That(
            timing.Basis,
            Has.Some.Contains("1 run a side cannot be separated from noise").And.Some.Contains("--repeat 5")
        );
    }

    [Test]
    public void A_case_whose_every_run_is_slower_is_told_by_its_medians()
    {
        Repeat(5, _ => 1.0, n => 1.5 + (n * 0.1));
        var shift = _bench.Compare().Timing.Shifts.Single();
        Assert.That((shift.Case, shift.State, shift.A), Is.EqualTo(("cycle/whole/erst", "Booting", 1.0)));
        Assert.That(shift.B, Is.EqualTo(1.8).Within(1e-9));
    }

    [Test]
    public void A_case_with_one_run_among_those_of_the_other_side_is_not_told()
    {
        Repeat(5, n => n == 3 ? 1.75 : 1.0, n => 1.5 + (n * 0.1));
        Assert.That(_bench.Compare().Timing.Shifts, Is.Empty);
    }

    [Test]
    public void A_shift_below_a_tenth_is_not_told()
    {
        Repeat(6, _ => 1.0, _ => 1.09);
        Assert.That(_bench.Compare().Timing.Shifts, Is.Empty);
    }

    [TestCase(10, 10, ExpectedResult = true)]
    [TestCase(10, 9, ExpectedResult = true)]
    [TestCase(10, 7, ExpectedResult = false)]
    [TestCase(4, 4, ExpectedResult = false)]
    public bool All_cases_together_tell_a_shift_when_nearly_all_are_slower(int cases, int slower)
    {
        for (int n = 0; n < cases; n++)
        {
            _bench.Add("a", $"case-{n}", Verdict.Passed, booting: 1);
            _bench.Add("b", $"case-{n}", Verdict.Passed, booting: n < slower ? 1.4 : 0.9);
        }

        return _bench.Compare().Timing.Shifts.Any(shift => shift is { Case: null, State: "Booting" });
    }

    [Test]
    public void Different_accelerators_are_not_compared()
    {
        Repeat(6, _ => 1.0, _ => 2.0);
        var run = _bench.Run("b");
        var timing = Comparer
            .Compare(
                _bench.Run("a"),
                run with
                {
                    Results = [.. run.Results.Select(result => result with { Accelerator = "kvm" })],
                },
                []
            )
            .Timing;
        Assert.That(timing.Shifts, Is.Empty);
        Assert.That(timing.Basis, Is.EqualTo(new[] { "not compared: run with different accelerators (kvm, tcg)" }));
    }

    [Test]
    public void Noise_alone_is_called_a_shift_no_more_often_than_is_said()
    {
        const int comparisons = 300;
        int wrong = 0;
        for (int seed = 0; seed < comparisons; seed++)
        {
            using var bench = new SideBench();
            var random = new Random(seed);
            for (int n = 0; n < 12; n++)
            {
                for (int repetition = 1; repetition <= 7; repetition++)
                {
                    bench.Add("a", $"case-{n}", Verdict.Passed, repetition: repetition, booting: Noisy(random));
                    bench.Add("b", $"case-{n}", Verdict.Passed, repetition: repetition, booting: Noisy(random));
                }
            }

            if (bench.Compare().Timing.Shifts.Count > 0)
                wrong++;
        }

        // Two tests of at most 0.05 each; a tenth is far above three deviations of that.
        Assert.That(wrong, Is.LessThan(comparisons * 0.13));
    }

    [Test]
    public void The_chances_are_those_of_the_tables()
    {
        Assert.That(Chance.OfSeparation(5, 5), Is.EqualTo(2.0 / 252).Within(1e-12));
        Assert.That(Chance.OfSeparation(1, 1), Is.EqualTo(1));
        Assert.That(Chance.OfSplit(10, 0), Is.EqualTo(2.0 / 1024).Within(1e-12));
        Assert.That(Chance.OfSplit(9, 1), Is.EqualTo(22.0 / 1024).Within(1e-12));
        Assert.That(Chance.OfSplit(5, 5), Is.EqualTo(1));
        Assert.That(Chance.RepetitionsFor(2), Is.EqualTo(5));
        Assert.That(Chance.Median([3, 1, 2]), Is.EqualTo(2));
        Assert.That(Chance.Median([4, 1, 2, 3]), Is.EqualTo(2.5));
    }

    // Computed with whole numbers of any size: 2 * sum of C(n, i) for i up to the fewer, over 2^n.
    [TestCase(500, 574, 0.025867102755710535)]
    [TestCase(537, 537, 1)]
    [TestCase(500, 575, 0.023964605849013637)]
    [TestCase(537, 538, 1)]
    [TestCase(540, 540, 1)]
    [TestCase(4_900, 5_100, 0.04658552770494739)]
    [TestCase(4_500, 5_500, 1.5510640568246042e-23)]
    [TestCase(5_000, 5_000, 1)]
    public void The_chance_of_a_split_is_told_for_thousands_of_pairs(int slower, int faster, double chance)
    {
        Assert.That(Chance.OfSplit(slower, faster), Is.EqualTo(chance).Within(1e-9).Percent);
        Assert.That(Chance.OfSplit(faster, slower), Is.EqualTo(Chance.OfSplit(slower, faster)));
    }

    // Skewed, as boots on a busy host are: mostly near the best, at times far from it.
    private static double Noisy(Random random) =>
        1 + (random.NextDouble() < 0.2 ? random.NextDouble() * 3 : random.NextDouble() * 0.2);

    private void Repeat(int times, Func<int, double> a, Func<int, double> b)
    {
        for (int n = 1; n <= times; n++)
        {
            _bench.Add("a", "whole", Verdict.Passed, repetition: n, booting: a(n));
            _bench.Add("b", "whole", Verdict.Passed, repetition: n, booting: b(n));
        }
    }
}
