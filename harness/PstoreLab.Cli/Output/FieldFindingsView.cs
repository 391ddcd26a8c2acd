using System.Text.Json.Nodes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>What is said of the dumps of a real machine, the worst last.</summary>
internal static class FieldFindingsView
{
    public static void Print(IReadOnlyList<FieldFinding> findings, bool json)
    {
        if (json)
        {
            foreach (var finding in findings)
                Terminal.Json(Json(finding));
            return;
        }
        foreach (var finding in findings.OrderBy(finding => finding.Verdict == Verdict.Failed))
        {
            Terminal.Out.MarkupLine($"{Marked(finding.Verdict)}  [bold]{Safe(finding.Dump)}[/]");
            foreach (string text in finding.Texts)
                Terminal.Out.MarkupLine($"        {Safe(text)}");
        }
    }

    private static string Json(FieldFinding finding) =>
        new JsonObject
        {
            ["dump"] = finding.Dump,
            ["verdict"] = StoreJson.Word(finding.Verdict),
            ["texts"] = new JsonArray([.. finding.Texts.Select(text => (JsonNode)text)]),
        }.ToJsonString();

    private static string Marked(Verdict verdict) =>
        verdict switch
        {
            Verdict.Passed => "[green]passed[/]",
            Verdict.Failed => "[red]failed[/]",
            _ => "[yellow]infra [/]",
        };
}
