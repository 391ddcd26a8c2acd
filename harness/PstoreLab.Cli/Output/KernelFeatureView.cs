using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Doctor;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>What <c>doctor --kernel</c> found: a line a feature, or JSON.</summary>
internal static class KernelFeatureView
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(IAnsiConsole console, KernelExamination found)
    {
        console.MarkupLineInterpolated($"[bold]{found.Kernel.Name}[/]  {found.Kernel.Release}");
        int width = found.Features.Max(feature => Title(feature).Length);
        foreach (var feature in found.Features)
        {
            string mark = feature.IsThere ? "[green]✓[/]" : "[red]✗[/]";
            console.MarkupLine(
                $"{mark} {Title(feature).PadRight(width).EscapeMarkup()}  {Text(feature).EscapeMarkup()}".TrimEnd()
            );
        }

        int missing = found.Features.Count(feature => !feature.IsThere);
        string sum =
            missing == 0
                ? "every case can run on it"
                : $"{missing} of {found.Features.Count} features are missing; cases that need them are unsupported";
        console.MarkupLineInterpolated($"{sum}");
    }

    public static string Json(KernelExamination found) =>
        new JsonObject
        {
            ["kernel"] = found.Kernel.Name,
            ["release"] = found.Kernel.Release,
            ["complete"] = found.Features.All(feature => feature.IsThere),
            ["features"] = new JsonArray([
                .. found.Features.Select(feature => new JsonObject
                {
                    ["kind"] = Kind(feature),
                    ["name"] = feature.Feature.Name,
                    ["there"] = feature.IsThere,
                    ["options"] = new JsonObject(
                        feature.Values.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)value.Value))
                    ),
                    ["toSet"] = new JsonArray([.. feature.ToSet.Select(option => JsonValue.Create(option))]),
                    ["noModules"] = new JsonArray([.. feature.NoModules.Select(module => JsonValue.Create(module))]),
                    ["lack"] = feature.Lack,
                }),
            ]),
        }.ToJsonString(Readable);

    private static string Title(ExaminedFeature feature) => $"{Kind(feature)} {feature.Feature.Name}";

    private static string Kind(ExaminedFeature feature) => feature.Feature.Kind.ToString().ToLowerInvariant();

    private static string Text(ExaminedFeature feature)
    {
        string values = string.Join(
            ", ",
            feature.Values.Where(value => value.Value != "n").Select(value => $"{value.Key}={value.Value}")
        );
        string[] remedies =
        [
            .. feature.ToSet.Count > 0 ? [$"set {string.Join(", ", feature.ToSet)}"] : Array.Empty<string>(),
            .. feature.NoModules.Count > 0
                ? [$"modules are not there ({string.Join(", ", feature.NoModules)}): name their folder with --modules"]
                : Array.Empty<string>(),
            .. feature.Lack is { } lack ? [$"there is no {lack}"] : Array.Empty<string>(),
        ];
        return remedies.Length == 0
            ? values
            : $"{values}{(values.Length > 0 ? " " : "")}→ {string.Join("; ", remedies)}";
    }
}
