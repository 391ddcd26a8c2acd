using System.Xml.Linq;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Reports;

public class ReportTests
{
    [Test]
    public void Junit_reads_as_approved() =>
        Approved.Matches("junit.xml", new JunitReport().Write(Results.Run(Results.OfEachKind, Results.LeftOver)));

    [Test]
    public void Ktap_reads_as_approved() =>
        Approved.Matches("results.ktap", new KtapReport().Write(Results.Run(Results.OfEachKind, Results.LeftOver)));

    [Test]
    public void Junit_of_hostile_guests_reads_as_approved() =>
        Approved.Matches("hostile-junit.xml", new JunitReport().Write(Results.Run(Results.OfHostileGuests)));

    [Test]
    public void Ktap_of_hostile_guests_reads_as_approved() =>
        Approved.Matches("hostile-results.ktap", new KtapReport().Write(Results.Run(Results.OfHostileGuests)));

    [Test]
    public void Junit_is_xml_whatever_a_guest_said_and_counts_what_it_holds()
    {
        foreach (var results in new[] { Results.OfEachKind, Results.OfHostileGuests, Long, [] })
        {
            var suites = XDocument.Parse(new JunitReport().Write(Results.Run(results))).Root!;
            foreach (var suite in suites.Elements())
            {
                Assert.That((int)suite.Attribute("tests")!, Is.EqualTo(suite.Elements("testcase").Count()));
                Assert.That((int)suite.Attribute("failures")!, Is.EqualTo(suite.Descendants("failure").Count()));
                Assert.That((int)suite.Attribute("errors")!, Is.EqualTo(suite.Descendants("error").Count()));
                Assert.That((int)suite.Attribute("skipped")!, Is.EqualTo(suite.Descendants("skipped").Count()));
            }

            Assert.That(suites.Descendants("testcase").Count(), Is.EqualTo(results.Count));
        }
    }

    [Test]
    public void Junit_keeps_the_rules_of_its_readers()
    {
        foreach (var results in new[] { Results.OfEachKind, Results.OfHostileGuests, Long, [] })
            Assert.That(JunitRules.Faults(new JunitReport().Write(Results.Run(results, Results.LeftOver))), Is.Empty);
    }

    [TestCase(" errors=\"2\"", " errors=\"1\"", "testsuite: errors counts them")]
    [TestCase(" tests=\"4\"", "", "testsuite: it has tests")]
    [TestCase("time=\"1.500\"", "time=\"1,5\"", "testcase: time is seconds")]
    [TestCase(
        "<properties>",
        "<testcase classname=\"a\" name=\"b\" time=\"1\" /><properties>",
        "properties come first"
    )]
    [TestCase(" message=\"no record\"", "", "failure: it has message")]
    [TestCase("name=\"erst-warm\"", "name=\"erst-cold\"", "each case has its own name")]
    public void A_break_of_the_rules_is_seen(string right, string wrong, string fault)
    {
        string xml = new JunitReport().Write(Results.Run(Results.OfEachKind));
        Assert.That(xml, Does.Contain(right));
        Assert.That(JunitRules.Faults(xml.Replace(right, wrong)), Has.Some.Contain(fault));
    }

    [Test]
    public void Junit_says_why_a_case_has_no_verdict_of_the_kernel()
    {
        var skipped = XDocument
            .Parse(new JunitReport().Write(Results.Run(Results.OfEachKind, Results.LeftOver)))
            .Descendants("skipped")
            .Select(one => one.Attribute("message")!.Value);
        Assert.That(
            skipped,
            Is.EquivalentTo([
                "known bug: zlib-only-since-6.6",
                "unsupported: was built without CONFIG_PSTORE_RAM",
                "not run: the time limit of 00:20:00 was reached",
                "not run: the time limit of 00:20:00 was reached",
            ])
        );
    }

    [Test]
    public void Ktap_has_one_line_per_case_whatever_a_guest_said()
    {
        foreach (var results in new[] { Results.OfEachKind, Results.OfHostileGuests, Long, [] })
        {
            var text = new KtapReport().Write(Results.Run(results));
            Assert.That(text.Where(char.IsControl), Is.All.EqualTo('\n'), "no control characters");
            var lines = text.TrimEnd('\n').Split('\n');
            Assert.That(lines[..2], Is.EqualTo(["KTAP version 1", $"1..{results.Count}"]));
            Assert.That(
                lines[2..].Where(line => !line.StartsWith("# ")),
                Is.All.Match(@"^(not )?ok \d+ \S+( # (SKIP|XFAIL|ERROR).*)?$")
            );
            Assert.That(lines[2..].Count(line => !line.StartsWith("# ")), Is.EqualTo(results.Count));
        }
    }

    [TestCase(Verdict.Passed, "ok")]
    [TestCase(Verdict.Known, "ok")]
    [TestCase(Verdict.Unsupported, "ok")]
    [TestCase(Verdict.Failed, "not ok")]
    [TestCase(Verdict.Infra, "not ok")]
    [TestCase(Verdict.Error, "not ok")]
    [TestCase(Verdict.Internal, "not ok")]
    public void Only_what_broke_is_not_ok(Verdict verdict, string word)
    {
        Assert.That(
            new KtapReport().Write(Results.Run([Results.Of("a/b", verdict, "so")])).Split('\n'),
            Has.Some.StartsWith($"{word} 1 a/b")
        );
    }

    [Test]
    public async Task Json_lines_come_back_as_they_were()
    {
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.Path, "results.jsonl");
        CaseResult[] results = [.. Results.OfEachKind, .. Results.OfHostileGuests, .. Long];
        await using (var report = new JsonLinesReport(path))
        {
            foreach (var result in results)
                await report.AddAsync(result);
            Assert.That(
                File.ReadLines(path).Count(),
                Is.EqualTo(results.Length),
                "each is there at once, for an interrupted run"
            );
        }

        var lines = await File.ReadAllLinesAsync(path);
        Assert.That(lines.SelectMany(line => line).Where(char.IsControl), Is.Empty);
        foreach (var (line, result) in lines.Zip(results))
        {
            var read = EvidenceJson.Parse<CaseResult>(line);
            Assert.That(EvidenceJson.Line(read), Is.EqualTo(line));
            Assert.That(
                (read.Case, read.Verdict, read.Reason, read.Started),
                Is.EqualTo((result.Case, result.Verdict, result.Reason, result.Started))
            );
        }
    }

    [Test]
    public async Task All_reports_of_a_run_are_written()
    {
        using var folder = new ScratchFolder();
        await ReportCatalogue.WriteAllAsync(
            new RunFolder(folder.Path),
            Results.Run(Results.OfEachKind),
            CancellationToken.None
        );
        Assert.That(
            Directory.GetFiles(folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(ReportCatalogue.All.Select(report => report.FileName))
        );
    }

    private static CaseResult[] Long => [Results.Of("a/long", Verdict.Failed, new string('x', 1_000_000))];
}
