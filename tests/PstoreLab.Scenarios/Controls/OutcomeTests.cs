using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios.Controls;

/// <summary>What NUnit shows for each verdict.</summary>
[Category("Quick")]
public sealed class OutcomeTests
{
    private static readonly RunFolder Nowhere = new("/nonexistent");

    [TestCase(Verdict.Passed, typeof(SuccessException))]
    [TestCase(Verdict.Known, typeof(SuccessException))]
    [TestCase(Verdict.Unsupported, typeof(IgnoreException))]
    [TestCase(Verdict.Failed, typeof(AssertionException))]
    [TestCase(Verdict.Infra, typeof(AssertionException))]
    [TestCase(Verdict.Error, typeof(AssertionException))]
    [TestCase(Verdict.Internal, typeof(AssertionException))]
    public void Every_verdict_has_an_outcome(Verdict verdict, Type outcome) =>
        Assert.That(() => Outcome.Report(Result(verdict), Nowhere), Throws.TypeOf(outcome));

    [TestCase(Verdict.Unsupported, "built without CONFIG_X")]
    [TestCase(Verdict.Known, "known: built without CONFIG_X")]
    [TestCase(Verdict.Infra, "not the kernel: ")]
    [TestCase(Verdict.Error, "the scenario or the command line is wrong")]
    [TestCase(Verdict.Internal, "PstoreLab itself is wrong")]
    [TestCase(Verdict.Failed, "no record")]
    [TestCase(Verdict.Failed, "evidence  /nonexistent/cases/family/case")]
    public void The_message_says_why(Verdict verdict, string words) =>
        Assert.That(() => Outcome.Report(Result(verdict), Nowhere), Throws.Exception.Message.Contains(words));

    private static CaseResult Result(Verdict verdict) =>
        new(
            "family/case",
            verdict,
            "built without CONFIG_X",
            new Dictionary<string, string>(),
            "ramoops",
            "tcg",
            [],
            [],
            default,
            1,
            new Dictionary<string, double>(),
            [new Attempt(verdict, "", 1, "cases/family/case")],
            [new Finding(false, "pstorefs", "no record", "case.yaml:1:1")],
            "cases/family/case"
        );
}
