using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>The bug catalogue: a table, all that is known of some bugs, or a line of JSON for each.</summary>
internal static class BugView
{
    // What fits on a narrow terminal, and no line of a wide one is too long to read.
    private const int Widest = 140;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void PrintTable(IAnsiConsole console, IReadOnlyList<Bug> bugs)
    {
        var table = new Table
        {
            Border = TableBorder.Simple,
            ShowRowSeparators = true,
            Width = Math.Min(console.Profile.Width, Widest),
        }.AddColumns("bug", "what has it", "cause, reference, file");
        table.Columns[0].NoWrap();
        table.Columns[1].Width = 20;
        foreach (var bug in bugs)
        {
            table.AddRow(
                bug.Name.EscapeMarkup(),
                $"[bold]{bug.Component.EscapeMarkup()}[/]\n{bug.Affected.EscapeMarkup()}",
                $"{bug.Cause.EscapeMarkup()}\n[grey]{References(bug).EscapeMarkup()}\n{File(bug).EscapeMarkup()}[/]"
            );
        }

        console.Write(table);
        console.MarkupLineInterpolated($"{bugs.Count} bugs; `pstorelab list --bugs NAME` says what to do");
    }

    public static void Describe(IAnsiConsole console, IReadOnlyList<Bug> bugs)
    {
        foreach (var bug in bugs)
        {
            var grid = new Grid { Width = Math.Min(console.Profile.Width, Widest) }.AddColumns(2);
            grid.Columns[0].NoWrap();
            foreach (var (title, text) in Rows(bug))
                grid.AddRow($"[grey]{title}[/]", text.EscapeMarkup());
            console.Write(grid);
            console.WriteLine();
        }
    }

    public static void PrintJson(IReadOnlyList<Bug> bugs)
    {
        foreach (var bug in bugs)
        {
            Terminal.Json(
                new JsonObject
                {
                    ["name"] = bug.Name,
                    ["component"] = bug.Component,
                    ["affected"] = bug.Affected,
                    ["cause"] = bug.Cause,
                    ["reference"] = Words(bug.Reference),
                    ["remedy"] = bug.Remedy,
                    ["messages"] = Words(bug.Messages.Select(message => message.Text)),
                    ["lost"] = bug.Lost,
                    ["shownBy"] = Words(bug.ShownBy),
                    ["notShown"] = bug.NotShown,
                    ["file"] = bug.Source.File,
                }.ToJsonString(Readable)
            );
        }
    }

    private static IEnumerable<(string Title, string Text)> Rows(Bug bug)
    {
        yield return ("bug", bug.Name);
        yield return ("what has it", $"{bug.Component}: {bug.Affected}");
        yield return ("cause", bug.Cause);
        yield return ("reference", References(bug));
        if (bug.Messages.Count > 0)
            yield return ("messages", string.Join("\n", bug.Messages));
        if (bug.Lost is { } lost)
            yield return ("what is lost", lost);
        yield return ("what to do", bug.Remedy);
        if (bug.ShownBy.Count > 0)
            yield return ("run", string.Join(", ", bug.ShownBy));
        if (bug.NotShown is { } why)
            yield return ("not shown", why);
        yield return ("file", bug.Source.ToString());
    }

    // Without the extension it is a word that `run` understands.
    private static string File(Bug bug) =>
        $"{Path.GetFileName(Path.GetDirectoryName(bug.Source.File))}/{Path.GetFileName(bug.Source.File)}";

    private static string References(Bug bug) => string.Join("; ", bug.Reference);

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => JsonValue.Create(word))];
}
