using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PstoreLab.Harness.Tests.Reports;

/// <summary>
/// What the readers of JUnit's XML have in common: Jenkins' and Ant's schemas, GitLab's and GitHub's parsers. Written
/// from what they say; none of their files is here.
/// </summary>
internal static partial class JunitRules
{
    private static readonly string[] Outcomes = ["failure", "error", "skipped"];

    /// <summary>What a text breaks of them; nothing for none.</summary>
    public static IReadOnlyList<string> Faults(string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        var faults = new List<string>();
        void Check(bool holds, XElement at, string rule)
        {
            if (!holds)
                faults.Add($"{at.Name}: {rule}");
        }

        Check(root.Name == "testsuites", root, "the root is testsuites");
        foreach (var suite in root.Elements())
        {
            Check(suite.Name == "testsuite", suite, "a root has suites alone");
            Attributes(suite, ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"], Check);
            Check(suite.Attributes().All(one => one.Value.Length > 0), suite, "no attribute is empty");
            Check(IsTime(suite), suite, "time is seconds");
            Check(
                DateTime.TryParseExact(
                    suite.Attribute("timestamp")?.Value,
                    "yyyy-MM-ddTHH:mm:ss",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out _
                ),
                suite,
                "timestamp is of ISO 8601 without a zone"
            );
            string[] children = [.. suite.Elements().Select(child => child.Name.LocalName)];
            Check(
                Order().IsMatch(string.Join(' ', children) + " "),
                suite,
                "properties come first and once, then cases, then outputs"
            );
            foreach (var property in suite.Elements("properties").Elements())
                Attributes(property, ["name", "value"], Check);
            var cases = suite.Elements("testcase").ToList();
            Check(Number(suite, "tests") == cases.Count, suite, "tests counts the cases");
            foreach (
                var (name, child) in new[] { ("failures", "failure"), ("errors", "error"), ("skipped", "skipped") }
            )
                Check(
                    Number(suite, name) == cases.Count(one => one.Element(child) is not null),
                    suite,
                    $"{name} counts them"
                );
            foreach (var one in cases)
            {
                Attributes(one, ["classname", "name", "time"], Check);
                Check(one.Attribute("name")?.Value.Length > 0, one, "it has a name");
                Check(IsTime(one), one, "time is seconds");
                Check(one.Elements().Count(child => Outcomes.Contains(child.Name.LocalName)) <= 1, one, "one outcome");
                Check(
                    one.Elements().All(child => Outcomes.Append("system-out").Contains(child.Name.LocalName)),
                    one,
                    "nothing else is in it"
                );
                foreach (var fault in one.Elements().Where(child => child.Name.LocalName is "failure" or "error"))
                {
                    Attributes(fault, ["type", "message"], Check);
                    Check(fault.Value.Length > 0, fault, "it has a body");
                }
                foreach (var skipped in one.Elements("skipped"))
                    Check(skipped.Attribute("message")?.Value.Length > 0, skipped, "it says why");
            }
            Check(
                cases
                    .Select(one => (one.Attribute("classname")?.Value, one.Attribute("name")?.Value))
                    .Distinct()
                    .Count() == cases.Count,
                suite,
                "each case has its own name"
            );
        }
        foreach (string name in new[] { "tests", "failures", "errors", "skipped" })
            Check(
                Number(root, name) == root.Elements().Sum(suite => Number(suite, name)),
                root,
                $"{name} is the sum of its suites"
            );
        return faults;
    }

    private static void Attributes(XElement element, string[] required, Action<bool, XElement, string> check)
    {
        foreach (string name in required)
            check(element.Attribute(name) is not null, element, $"it has {name}");
        check(element.Attributes().All(one => required.Contains(one.Name.LocalName)), element, "it has no other");
    }

    private static int Number(XElement element, string name) =>
        int.TryParse(element.Attribute(name)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : -1;

    private static bool IsTime(XElement element) => Seconds().IsMatch(element.Attribute("time")?.Value ?? "");

    [GeneratedRegex(@"\A\d+(\.\d+)?\z")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\A(properties )?(testcase )*(system-out )?(system-err )?\z")]
    private static partial Regex Order();
}
