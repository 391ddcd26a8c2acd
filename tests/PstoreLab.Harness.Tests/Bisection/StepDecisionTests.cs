using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Tests.Bisection;

/// <summary>When a version's verdicts are enough; p passed, f failed, k known, i infra, u unsupported.</summary>
public class StepDecisionTests
{
    [TestCase("", 1, ExpectedResult = null)]
    [TestCase("p", 1, ExpectedResult = "Good")]
    [TestCase("f", 1, ExpectedResult = "Bad")]
    [TestCase("k", 1, ExpectedResult = "Bad")]
    [TestCase("u", 1, ExpectedResult = "Skipped")]
    [TestCase("i", 1, ExpectedResult = null)]
    [TestCase("ii", 1, ExpectedResult = "Skipped")]
    [TestCase("ip", 1, ExpectedResult = "Good")]
    [TestCase("pp", 3, ExpectedResult = null)]
    [TestCase("ppp", 3, ExpectedResult = "Good")]
    [TestCase("ppf", 3, ExpectedResult = null)]
    [TestCase("ppfpppp", 3, ExpectedResult = "Good")]
    [TestCase("pffpfff", 3, ExpectedResult = "Bad")]
    [TestCase("pfi", 1, ExpectedResult = "Skipped")]
    [TestCase("ppi", 2, ExpectedResult = "Good")]
    [TestCase("iii", 3, ExpectedResult = null)]
    [TestCase("iiii", 3, ExpectedResult = "Skipped")]
    public string? Verdicts_decide(string trials, int repeat) => StepDecision.Of(Parse(trials), repeat)?.ToString();

    [TestCase("", 3, ExpectedResult = 3)]
    [TestCase("pp", 3, ExpectedResult = 1)]
    [TestCase("ppf", 3, ExpectedResult = 1)]
    public int What_is_missing_is_tried_at_once(string trials, int repeat) => StepDecision.More(Parse(trials), repeat);

    [Test]
    public void It_comes_to_an_end_whatever_the_verdicts_are()
    {
        var random = new Random(1);
        for (int n = 0; n < 5000; n++)
        {
            int repeat = random.Next(1, 6);
            var trials = new List<Verdict>();
            while (StepDecision.Of(trials, repeat) is null)
            {
                trials.AddRange(
                    Enumerable.Range(0, StepDecision.More(trials, repeat)).Select(_ => (Verdict)random.Next(0, 5))
                );
                Assert.That(trials, Has.Count.LessThanOrEqualTo((2 * repeat) + 1));
            }
        }
    }

    [TestCase("pf", ExpectedResult = true)]
    [TestCase("pk", ExpectedResult = true)]
    [TestCase("pp", ExpectedResult = false)]
    [TestCase("pi", ExpectedResult = false)]
    public bool Differing_verdicts_are_uncertain(string trials) => StepDecision.IsUncertain(Parse(trials));

    private static Verdict[] Parse(string trials) =>
        [
            .. trials.Select(letter =>
                letter switch
                {
                    'p' => Verdict.Passed,
                    'f' => Verdict.Failed,
                    'k' => Verdict.Known,
                    'u' => Verdict.Unsupported,
                    _ => Verdict.Infra,
                }
            ),
        ];
}
