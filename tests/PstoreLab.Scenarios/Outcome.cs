using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios;

/// <summary>
/// Turns a verdict into what NUnit knows: passed, skipped or failed, with a message that says whose turn it is.
/// </summary>
internal static class Outcome
{
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
            case Verdict.Failed:
                Assert.Fail($"the kernel, its backend or its archiver broke an expectation: {Details(result, run)}");
                break;
            case Verdict.Infra:
                Assert.Fail(
                    "not the kernel: QEMU, the host or an image got in the way at every attempt: "
                        + $"{Details(result, run)}"
                );
                break;
            case Verdict.Error:
                Assert.Fail($"the scenario is wrong: {result.Reason}");
                break;
            case Verdict.Internal:
                Assert.Fail($"the harness itself: {Details(result, run)}");
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
        var folder = run.Case(result.Case);
        return string.Join(
            '\n',
            [
                result.Reason,
                .. result
                    .Findings.Where(finding => !finding.Held)
                    .Select(finding => $"  [{finding.Layer}] {finding.Text} ({finding.Source})"),
                .. result.Attempts.Count > 1
                    ? result.Attempts.Select(
                        (attempt, index) => $"  attempt {index + 1}: {attempt.Reason} ({attempt.Folder})"
                    )
                    : [],
                $"evidence: {folder.Root}",
                .. File.Exists(folder.Repro)
                    ? [$"again without PstoreLab: {ShellWords.Join(["bash", folder.Repro])}"]
                    : Array.Empty<string>(),
            ]
        );
    }
}
