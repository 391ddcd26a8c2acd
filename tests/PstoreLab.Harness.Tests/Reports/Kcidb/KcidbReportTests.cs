using System.Text.Json.Nodes;
using Json.Schema;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports.Kcidb;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Runs;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Reports.Kcidb;

/// <summary>
/// Submissions for KernelCI, by a schema of the parts that we emit and a validator that others wrote.
/// </summary>
public sealed class KcidbReportTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(
        Path.Combine(ScenarioBench.Root, "tests", "PstoreLab.Harness.Tests", "Reports", "Kcidb", "kcidb.schema.json")
    );

    private static readonly Bug Known = new(
        "zlib-only-since-6.6",
        "pstore",
        "all",
        "It is so.",
        ["commit 0123", "https://bugs.example.org/7"],
        "x",
        null,
        default
    );

    [Test]
    public void A_submission_is_what_the_schema_takes()
    {
        foreach (var results in new[] { Results.OfEachKind, Results.OfHostileGuests, Long, [] })
            Assert.That(Faults(Of(results, Results.LeftOver)), Is.Empty);
    }

    [TestCase("\"PASS\"", "\"PASSED\"")]
    [TestCase("\"major\": 5", "\"major\": 4")]
    [TestCase("\"build_id\"", "\"bild_id\"")]
    [TestCase("\"pstore.bugs.plain\"", "\"pstore..plain\"")]
    [TestCase("\"origin\": \"our_ci\"", "\"origin\": \"Our CI\"")]
    [TestCase("\"start_time\": \"2026", "\"start_time\": \"on 2026")]
    public void A_break_of_the_schema_is_seen(string right, string wrong)
    {
        string text = Of(Results.OfEachKind);
        Assert.That(text, Does.Contain(right));
        Assert.That(Faults(text.Replace(right, wrong)), Is.Not.Empty);
    }

    [Test]
    public void Everything_that_is_referred_to_is_there_and_each_id_once()
    {
        var json = JsonNode.Parse(Of(Results.OfEachKind, Results.LeftOver))!;
        foreach (string list in new[] { "checkouts", "builds", "tests", "issues", "incidents" })
            Assert.That(Ids(json, list, "id"), Is.Unique.And.Not.Empty, list);
        Assert.That(Ids(json, "builds", "checkout_id").Distinct(), Is.SubsetOf(Ids(json, "checkouts", "id")));
        Assert.That(Ids(json, "tests", "build_id").Distinct(), Is.SubsetOf(Ids(json, "builds", "id")));
        Assert.That(Ids(json, "incidents", "test_id").Distinct(), Is.SubsetOf(Ids(json, "tests", "id")));
        Assert.That(Ids(json, "incidents", "issue_id").Distinct(), Is.SubsetOf(Ids(json, "issues", "id")));
    }

    [TestCase(Verdict.Passed, "PASS")]
    [TestCase(Verdict.Failed, "FAIL")]
    [TestCase(Verdict.Known, "FAIL")]
    [TestCase(Verdict.Unsupported, "SKIP")]
    [TestCase(Verdict.Infra, "MISS")]
    [TestCase(Verdict.Error, "ERROR")]
    [TestCase(Verdict.Internal, "ERROR")]
    public void A_verdict_has_its_status(Verdict verdict, string status) =>
        Assert.That(
            (string?)JsonNode.Parse(Of([Results.Of("a/b", verdict, "so")]))!["tests"]![0]!["status"],
            Is.EqualTo(status)
        );

    [Test]
    public void A_case_that_did_not_run_is_missing_and_says_why()
    {
        var tests = JsonNode.Parse(Of([], Results.LeftOver))!["tests"]!.AsArray();
        Assert.That(tests.Select(test => (string?)test!["status"]), Is.EqualTo(["MISS", "MISS"]));
        Assert.That((string?)tests[0]!["log_excerpt"], Is.EqualTo("not run: the time limit of 00:20:00 was reached"));
    }

    [Test]
    public void A_known_bug_is_an_issue_with_its_cause_and_address()
    {
        var issue = JsonNode.Parse(Of(Results.OfEachKind))!["issues"]!.AsArray().Single()!;
        Assert.That((string?)issue["comment"], Is.EqualTo("It is so."));
        Assert.That((string?)issue["report_url"], Is.EqualTo("https://bugs.example.org/7"));
        Assert.That((bool)issue["culprit"]!["code"]!);
    }

    [TestCase("Our CI")]
    [TestCase("")]
    [TestCase("a:b")]
    public void An_origin_that_is_none_is_refused(string origin) =>
        Assert.That(
            Assert.Throws<UsageException>(() => KcidbReport.Of(Results.Run([]), origin, []))!.Message,
            Does.StartWith("--kcidb-origin: found ")
        );

    private static CaseResult[] Long =>
        [Results.Of("a/long", Verdict.Failed, string.Concat(Enumerable.Repeat("\ud83d\ude00", 20_000)))];

    private static string Of(IReadOnlyList<CaseResult> results, params NotRun[] notRun) =>
        KcidbReport.Of(Results.Run(results, notRun), "our_ci", [Known]);

    private static List<string> Ids(JsonNode json, string list, string key) =>
        [.. json[list]!.AsArray().Select(one => (string)one![key]!)];

    private static IEnumerable<string> Faults(string text) =>
        Schema
            .Evaluate(
                JsonNode.Parse(text),
                new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true }
            )
            .Details.Where(detail => detail.HasErrors)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"));
}
