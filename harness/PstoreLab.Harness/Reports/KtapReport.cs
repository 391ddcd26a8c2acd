using System.Text;
using PstoreLab.Harness.Evidence;
using static PstoreLab.Harness.Host.VisibleText;

namespace PstoreLab.Harness.Reports;

/// <summary>
/// <c>results.ktap</c>, version 1 (Documentation/dev-tools/ktap.rst in the kernel's sources), for kernel CI.
/// </summary>
internal sealed class KtapReport : IReport
{
    public string FileName => "results.ktap";

    public string Write(FinishedRun run)
    {
        var results = run.Results;
        var text = new StringBuilder("KTAP version 1\n").Append($"1..{results.Count + run.NotRun.Count}\n");
        for (int i = 0; i < results.Count; i++)
        {
            var result = results[i];
            foreach (var kernel in result.Kernels)
                text.Append($"# {OneLine($"{kernel.Name}: {kernel.Release} ({kernel.Version})")}\n");
            if (result.Reason.Length > 0)
                text.Append($"# {OneLine(result.Reason)}\n");
            for (int attempt = 0; attempt < result.Attempts.Count - 1; attempt++)
                text.Append($"# attempt {attempt + 1}: {OneLine(result.Attempts[attempt].Reason)}\n");
            bool ok = result.Verdict is Verdict.Passed or Verdict.Known or Verdict.Unsupported;
            text.Append($"{(ok ? "ok" : "not ok")} {i + 1} {OneLine(result.Case)}{Directive(result)}\n");
        }

        int number = results.Count;
        foreach (var one in run.NotRun)
            text.Append($"ok {++number} {OneLine(one.Case)} # SKIP not run: {OneLine(one.Why)}\n");
        return text.ToString();
    }

    private static string Directive(CaseResult result) =>
        result.Verdict switch
        {
            Verdict.Unsupported => " # SKIP",
            Verdict.Known => $" # XFAIL {OneLine(result.Reason)}",
            Verdict.Infra or Verdict.Error or Verdict.Internal =>
                $" # ERROR {result.Verdict.ToString().ToLowerInvariant()}",
            _ => "",
        };
}
