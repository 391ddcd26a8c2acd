using System.Globalization;
using System.Xml.Linq;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Reports;

/// <summary>
/// <c>junit.xml</c> as CI systems read it: a broken product is a failure, a broken machine or scenario an error. What
/// is known, what cannot be run here and what did not run is skipped, each with why.
/// </summary>
internal sealed class JunitReport : IReport
{
    public string FileName => "junit.xml";

    public string Write(FinishedRun run)
    {
        var tests = run
            .Results.Select(result =>
                (Family: FamilyOf(result.Case), Result: (CaseResult?)result, Test: Case(run, result))
            )
            .Concat(run.NotRun.Select(one => (Family: FamilyOf(one.Case), Result: (CaseResult?)null, Test: Case(one))));
        var suites = tests
            .GroupBy(test => test.Family)
            .Select(family =>
            {
                var elements = family.Select(test => test.Test).ToList();
                CaseResult[] results = [.. family.Select(test => test.Result).OfType<CaseResult>()];
                return new XElement(
                    "testsuite",
                    new XAttribute("name", Clean(family.Key)),
                    new XAttribute("tests", elements.Count),
                    Count("failures", elements, "failure"),
                    Count("errors", elements, "error"),
                    Count("skipped", elements, "skipped"),
                    Time(results.Sum(result => result.Seconds)),
                    new XAttribute(
                        "timestamp",
                        results
                            .Select(result => result.Started)
                            .Append(run.Record.Started)
                            .Min()
                            .UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
                    ),
                    Properties(run.Record, results),
                    elements
                );
            })
            .ToList();
        return new XDeclaration("1.0", "utf-8", null)
            + "\n"
            + new XElement(
                "testsuites",
                new XAttribute("name", "pstorelab"),
                Sum("tests", suites),
                Sum("failures", suites),
                Sum("errors", suites),
                Sum("skipped", suites),
                Time(run.Results.Sum(result => result.Seconds)),
                suites
            )
            + "\n";
    }

    private static string FamilyOf(string id) => id.Split('/')[0];

    private static XAttribute Count(string name, IEnumerable<XElement> tests, string child) =>
        new(name, tests.Count(test => test.Element(child) is not null));

    private static XAttribute Sum(string name, IEnumerable<XElement> suites) =>
        new(name, suites.Sum(suite => (int)suite.Attribute(name)!));

    private static XAttribute Time(double seconds) =>
        new("time", seconds.ToString("0.000", CultureInfo.InvariantCulture));

    /// <summary>
    /// Of the suite, which every reader knows: what its cases ran on. Those of a case stand in its output.
    /// </summary>
    private static XElement Properties(RunRecord record, IReadOnlyList<CaseResult> results)
    {
        string[] guests =
        [
            .. results
                .Select(result => result.Dimensions.GetValueOrDefault("systemd"))
                .OfType<string>()
                .Distinct()
                .Select(name => record.SystemdVersions.TryGetValue(name, out string? v) ? $"{v} ({name})" : name),
        ];
        (string Name, string Value)[] properties =
        [
            ("pstorelab", record.Version),
            ("run", record.Id),
            ("qemu", record.Host.Qemu),
            ("accelerator", record.Host.Accelerator),
            ("host", $"{record.Host.System}, {record.Host.Architecture}, {record.Host.Cpus} CPUs"),
            .. results
                .SelectMany(result => result.Kernels)
                .DistinctBy(kernel => (kernel.Name, kernel.Version))
                .Select(kernel => ($"kernel.{kernel.Name}", $"{kernel.Release} ({kernel.Version})")),
            .. guests.Select(guest => ("systemd", guest)),
        ];
        return new XElement(
            "properties",
            properties.Select(property => new XElement(
                "property",
                new XAttribute("name", Line(property.Name)),
                new XAttribute("value", Line(property.Value))
            ))
        );
    }

    private static XElement Case(FinishedRun run, CaseResult result) =>
        Case(
            result.Case,
            result.Seconds,
            result.Verdict switch
            {
                Verdict.Passed => null,
                Verdict.Failed => Fault("failure", run, result),
                Verdict.Known => Skipped($"known bug: {result.Reason}"),
                Verdict.Unsupported => Skipped($"unsupported: {result.Reason}"),
                _ => Fault("error", run, result),
            },
            new XElement("system-out", Clean(Details(result)))
        );

    private static XElement Case(NotRun one) => Case(one.Case, 0, Skipped($"not run: {one.Why}"));

    private static XElement Case(string id, double seconds, params XElement?[] content)
    {
        int slash = id.LastIndexOf('/');
        return new XElement(
            "testcase",
            new XAttribute("classname", slash < 0 ? "" : Clean(id[..slash].Replace('/', '.'))),
            new XAttribute("name", Clean(id[(slash + 1)..])),
            Time(seconds),
            content
        );
    }

    private static XElement Skipped(string why) => new("skipped", new XAttribute("message", Line(why)));

    private static XElement Fault(string kind, FinishedRun run, CaseResult result) =>
        new(
            kind,
            new XAttribute("type", result.Verdict.ToString().ToLowerInvariant()),
            new XAttribute("message", Line(result.Reason)),
            // A reader of GitLab or Jenkins sees this and nothing else.
            Clean(
                string.Join(
                    '\n',
                    [
                        result.Reason,
                        .. Findings(result),
                        $"evidence: {result.Folder}",
                        $"repeat: {Repeat.Command(run.Record, result)}",
                        .. result.Attempts.Count > 0
                            ? [$"without PstoreLab: bash {result.Folder}/repro.sh"]
                            : (string[])[],
                    ]
                )
            )
        );

    private static string Details(CaseResult result) =>
        string.Join(
            '\n',
            [
                .. result.Verdict == Verdict.Known ? [$"known: {result.Reason}"] : Array.Empty<string>(),
                .. result.Kernels.Select(kernel => $"{kernel.Name}: {kernel.Release} ({kernel.Version})"),
                .. Findings(result),
                .. result
                    .Attempts.SkipLast(1)
                    .Select(
                        (attempt, index) =>
                            $"attempt {index + 1}: {attempt.Verdict}: {attempt.Reason} ({attempt.Folder})"
                    ),
                $"evidence: {result.Folder}",
            ]
        );

    // What does not hold first: a reader may cut the rest.
    private static IEnumerable<string> Findings(CaseResult result) =>
        result
            .Findings.OrderBy(finding => finding.Held)
            .Select(finding =>
                $"{(finding.Held ? "held" : "BROKEN")} [{finding.Layer}] {finding.Text} ({finding.Source})"
            );

    // XML 1.0 has no way to write most of what this makes visible.
    private static string Clean(string text) => VisibleText.Of(text);

    private static string Line(string text) => VisibleText.OneLine(text);
}
