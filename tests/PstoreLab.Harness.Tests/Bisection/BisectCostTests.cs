using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Kernels;

namespace PstoreLab.Harness.Tests.Bisection;

/// <summary>What is told of a search before it begins.</summary>
public class BisectCostTests
{
    private static readonly KernelChoice[] Kernels =
    [
        .. Enumerable.Range(0, 9).Select(n => new KernelChoice($"k-6.{n}", $"6.{n}-1", 10_000_000 + n, null)),
    ];

    [Test]
    public void It_is_the_most_that_it_can_be()
    {
        var cost = BisectCost.Of(Kernels, kernel => kernel.Name == "k-6.0", repeat: 2, secondsPerRun: 4);
        Assert.That(
            cost,
            Is.EqualTo(new BisectCost(9, 5, 2, 4, 10_000_008 + 10_000_007 + 10_000_006 + 10_000_005, 40))
        );
        Assert.That(
            $"{cost}",
            Is.EqualTo(
                "9 versions: 5 steps of 2 runs of the case at most; 4 kernels to fetch at most, 41 MB; "
                    + "about 40 s for the runs"
            )
        );
    }

    [Test]
    public void What_is_not_known_is_said_to_be_not_known()
    {
        var cost = BisectCost.Of(
            [.. Kernels.Select(kernel => kernel with { Bytes = null })],
            _ => false,
            repeat: 1,
            secondsPerRun: null
        );
        Assert.That(
            $"{cost}",
            Is.EqualTo(
                "9 versions: 5 runs of the case at most; 5 kernels to fetch at most, of a size that is not "
                    + "known; the case was never run here, so nobody knows how long it takes"
            )
        );
    }

    [Test]
    public void Kernels_that_are_here_cost_nothing()
    {
        Assert.That(
            BisectCost.Of(Kernels, _ => true, repeat: 1, secondsPerRun: 1),
            Has.Property("Fetches").EqualTo(0).And.Property("Bytes").EqualTo(0)
        );
    }
}
