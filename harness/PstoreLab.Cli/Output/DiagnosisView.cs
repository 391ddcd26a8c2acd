using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Doctor;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>What <c>doctor</c> found: a line each, or JSON.</summary>
internal static class DiagnosisView
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(IAnsiConsole console, IReadOnlyList<Diagnosis> found)
    {
        int width = found.Max(diagnosis => diagnosis.Subject.Length);
        foreach (var diagnosis in found)
        {
            string remedy = diagnosis.Remedy.Length > 0 ? $" → {diagnosis.Remedy}" : "";
            console.MarkupLine(
                $"{Mark(diagnosis.Health)} {diagnosis.Subject.PadRight(width).EscapeMarkup()}  "
                    + $"{(diagnosis.Text + remedy).EscapeMarkup()}"
            );
        }

        int missing = found.Count(diagnosis => diagnosis.Health == Health.Missing);
        console.MarkupLine(
            missing == 0
                ? "everything that a run needs is here"
                : $"[red]{missing} {(missing == 1 ? "thing is" : "things are")} missing[/]; in a checkout, "
                    + "`make setup` installs whatever a package has"
        );
    }

    public static string Json(IReadOnlyList<Diagnosis> found) =>
        new JsonObject
        {
            ["ready"] = found.All(diagnosis => diagnosis.Health != Health.Missing),
            ["checks"] = new JsonArray([
                .. found.Select(diagnosis => new JsonObject
                {
                    ["subject"] = diagnosis.Subject,
                    ["health"] = Word(diagnosis.Health),
                    ["text"] = diagnosis.Text,
                    ["remedy"] = diagnosis.Remedy,
                }),
            ]),
        }.ToJsonString(Readable);

    private static string Word(Health health) => health.ToString().ToLowerInvariant();

    private static string Mark(Health health) =>
        health switch
        {
            Health.Good => "[green]✓[/]",
            Health.Warning => "[yellow]![/]",
            _ => "[red]✗[/]",
        };
}
