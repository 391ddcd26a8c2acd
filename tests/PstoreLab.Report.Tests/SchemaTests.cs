using System.Text.Json.Nodes;
using Json.Schema;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Report.Tests;

/// <summary>report.json by docs/report.schema.json.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(
        Path.Combine(AppContext.BaseDirectory, "report.schema.json")
    );

    [Test]
    public async Task The_data_of_a_report_are_as_the_schema_says()
    {
        var report = await FullAsync();

        Assert.That(Faults(report), Is.Empty);
    }

    [TestCase("verdict", "good")]
    [TestCase("seconds", "long")]
    [TestCase("unknown", "field")]
    public async Task What_is_not_as_the_schema_says_is_found(string field, string value)
    {
        var report = await FullAsync();
        report["cases"]![0]![field] = value;

        Assert.That(Faults(report), Is.Not.Empty);
    }

    private static async Task<JsonNode> FullAsync()
    {
        using var run = new MadeRun();
        run.Add("a/b/1", version: "6.1.175-1");
        run.Next();
        await run.AddRealAsync(one =>
            one.Damage(CaseEvidence.Newest, text => text.Replace("Kernel panic", "\u001b[2J"))
        );
        await run.AddRealAsync(one => one.Records.Clear(), "a/lost/1");
        run.Add("a/b/1", Verdict.Known, "some-bug");
        await run.ReportAsync();
        return JsonNode.Parse(run.Json)!;
    }

    private static IReadOnlyList<string> Faults(JsonNode report)
    {
        var results = Schema.Evaluate(report, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? []
            :
            [
                "not valid",
                .. from detail in results.Details
                where detail.HasErrors
                from error in detail.Errors!
                select $"{detail.InstanceLocation}: {error.Value}",
            ];
    }
}
