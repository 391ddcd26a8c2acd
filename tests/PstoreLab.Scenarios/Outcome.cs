using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios;

/// <summary>
/// Turns a verdict into what NUnit knows: passed, skipped or failed, with a message that says whose turn it is.
/// </summary>
internal static class Outcome
{
    private const int TitleWidth = 9;
    private static readonly string NextLine = "\n" + new string(' ', TitleWidth + 3);

    public static void Report(CaseResult result, RunFolder run)
    {
        switch (result.Verdict)
        {
            case Verdict.Passed:
                Assert.Pass(Retries(result));
                break;
            case Verdict.Known:
                Assert.Pass($"known: {result.Reason}{Retries(result)}");
                break;
            case Verdict.Unsupported:
                Assert.Ignore(result.Reason);
                break;
            case Verdict.Failed or Verdict.Infra or Verdict.Error or Verdict.Internal:
                Assert.Fail(Details(result, run));
                break;
            default:
                throw new InvalidOperationException($"no outcome for {result.Verdict}");
        }
    }

    private static string Retries(CaseResult result) =>
        string.Concat(
            result
                .Attempts.SkipLast(1)
                .Select((attempt, index) => $"\nattempt {index + 1} did not count: {attempt.Reason}")
        );

    private static string Details(CaseResult result, RunFolder run)
    {
        var text = FailureText.Of(result, run, $"pstorelab run {result.Case}");
        return string.Join(
            '\n',
            [
                text.Blame,
                .. text.Rows.Select(row => Row(row.Title, row.Text.Replace("\n", NextLine, StringComparison.Ordinal))),
                .. text.ToCopy.Select(row => Row(row.Title, row.Line)),
            ]
        );
    }

    private static string Row(string title, string text) => $"  {title.PadRight(TitleWidth)} {text}";
}
