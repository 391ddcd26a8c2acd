using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>What <c>diagnose</c> found: a paragraph for each cause, or a line of JSON.</summary>
internal static class CauseView
{
    private const int Widest = 100;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(IAnsiConsole console, Symptoms symptoms)
    {
        foreach (var (bug, shown) in symptoms.Causes)
        {
            var grid = new Grid { Width = Math.Min(console.Profile.Width, Widest) }.AddColumns(2);
            grid.Columns[0].NoWrap();
            foreach (var (title, text) in Rows(bug, shown))
                grid.AddRow($"[grey]{title}[/]", Safe(text));
            console.MarkupLine($"[bold]{Safe(bug.Name)}[/], in {Safe(bug.Component)}: {Safe(bug.Affected)}");
            console.Write(grid);
            console.WriteLine();
        }
        if (symptoms.IsAmbiguous)
            console.MarkupLine(
                "several causes fit one line of a log; the record tells which: pstorelab diagnose dmesg-*.enc.z\n"
            );
        foreach (var symptom in symptoms.Unexplained)
            console.MarkupLine($"[yellow]![/] nothing is known of {Safe(symptom.ToString())}");
        if (symptoms.Causes.Count == 0)
            console.MarkupLine("no symptom of a bug that is known here; `pstorelab list --bugs` has them all");
    }

    public static void PrintJson(Symptoms symptoms)
    {
        foreach (var (bug, shown) in symptoms.Causes)
            Terminal.Json(
                new JsonObject
                {
                    ["bug"] = bug.Name,
                    ["component"] = bug.Component,
                    ["affected"] = bug.Affected,
                    ["cause"] = bug.Cause,
                    ["lost"] = bug.Lost,
                    ["remedy"] = bug.Remedy,
                    ["shownBy"] = new JsonArray([.. bug.ShownBy.Select(name => JsonValue.Create(name))]),
                    ["symptoms"] = new JsonArray([
                        .. shown.Select(symptom => new JsonObject
                        {
                            ["file"] = symptom.File,
                            ["line"] = symptom.Line == 0 ? null : symptom.Line,
                            ["text"] = symptom.Text,
                        }),
                    ]),
                }.ToJsonString(Readable)
            );
    }

    private static IEnumerable<(string Title, string Text)> Rows(Bug bug, IReadOnlyList<Symptom> shown)
    {
        foreach (var symptom in shown)
            yield return ("symptom", symptom.ToString());
        yield return ("cause", bug.Cause);
        if (bug.Lost is { } lost)
            yield return ("lost", lost);
        yield return ("do", bug.Remedy);
        if (bug.ShownBy.Count > 0)
            yield return ("try it", $"pstorelab run {bug.ShownBy[0]}");
        yield return ("from", string.Join("; ", bug.Reference));
    }
}
