using System.Xml.Linq;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Reports;

/// <summary>
/// <c>junit.xml</c> as CI systems read it: a broken product is a failure, a broken machine or scenario an error.
/// </summary>
internal sealed class JunitReport : IReport
{
    public string FileName => "junit.xml";

    public string Write(IReadOnlyList<CaseResult> results)
    {
        var suites = results
            .GroupBy(result => result.Case.Split('/')[0])
            .Select(family => new XElement(
                "testsuite",
                new XAttribute("name", Clean(family.Key)),
                new XAttribute("tests", family.Count()),
                new XAttribute("failures", family.Count(result => result.Verdict == Verdict.Failed)),
                new XAttribute("errors", family.Count(result => IsError(result.Verdict))),
                new XAttribute("skipped", family.Count(result => result.Verdict == Verdict.Unsupported)),
                new XAttribute("time", family.Sum(result => result.Seconds).ToString("0.000")),
                family.Select(Case)
            ));
        return new XDeclaration("1.0", "utf-8", null) + "\n" + new XElement("testsuites", suites) + "\n";
    }

    private static bool IsError(Verdict verdict) => verdict is Verdict.Infra or Verdict.Error or Verdict.Internal;

    private static XElement Case(CaseResult result)
    {
        int slash = result.Case.LastIndexOf('/');
        return new XElement(
            "testcase",
            new XAttribute("classname", slash < 0 ? "" : Clean(result.Case[..slash].Replace('/', '.'))),
            new XAttribute("name", Clean(result.Case[(slash + 1)..])),
            new XAttribute("time", result.Seconds.ToString("0.000")),
            result.Verdict switch
            {
                Verdict.Failed => Fault("failure", result),
                var verdict when IsError(verdict) => Fault("error", result),
                Verdict.Unsupported => new XElement("skipped", new XAttribute("message", Clean(result.Reason))),
                _ => null,
            },
            new XElement("system-out", Clean(Details(result)))
        );
    }

    private static XElement Fault(string kind, CaseResult result) =>
        new(
            kind,
            new XAttribute("type", result.Verdict.ToString().ToLowerInvariant()),
            new XAttribute("message", Clean(result.Reason))
        );

    private static string Details(CaseResult result) =>
        string.Join(
            '\n',
            [
                .. result.Verdict == Verdict.Known ? [$"known: {result.Reason}"] : Array.Empty<string>(),
                .. result.Kernels.Select(kernel => $"{kernel.Name}: {kernel.Release} ({kernel.Version})"),
                .. result.Findings.Select(finding =>
                    $"{(finding.Held ? "held" : "BROKEN")} [{finding.Layer}] {finding.Text} ({finding.Source})"
                ),
                .. result
                    .Attempts.SkipLast(1)
                    .Select(
                        (attempt, index) =>
                            $"attempt {index + 1}: {attempt.Verdict}: {attempt.Reason} ({attempt.Folder})"
                    ),
                $"evidence: {result.Folder}",
            ]
        );

    // XML 1.0 has no way to write most of what this makes visible.
    private static string Clean(string text) => VisibleText.Of(text);
}
