using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PstoreLab.Harness.Archiving;

/// <summary>The reports for programs.</summary>
public static class ConformanceJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(int seed, IReadOnlyList<ReleaseReport> reports) => new JsonObject
    {
        ["seed"] = seed,
        ["asKnown"] = reports.All(report => report.IsAsKnown),
        ["releases"] = new JsonArray([.. reports.Select(Release)]),
    }.ToJsonString(Readable);

    private static JsonObject Release(ReleaseReport report) => new()
    {
        ["release"] = report.Release,
        ["systemd"] = report.Version,
        ["sets"] = report.Sets,
        ["seconds"] = Math.Round(report.Seconds, 2),
        ["setsPerSecond"] = Math.Round(report.SetsPerSecond, 1),
        ["asKnown"] = report.IsAsKnown,
        ["mended"] = new JsonArray([.. report.Mended.Select(entry => JsonValue.Create(entry.Id))]),
        ["properties"] = new JsonArray([.. report.Properties.Select(Property)]),
    };

    private static JsonObject Property(PropertyReport property) => new()
    {
        ["property"] = JsonNamingPolicy.KebabCaseLower.ConvertName($"{property.Property}"),
        ["right"] = property.Right,
        ["wrong"] = property.Wrong,
        ["causes"] = new JsonArray([.. property.Causes.Select(cause => new JsonObject
        {
            ["known"] = cause.Known?.Id,
            ["cause"] = cause.Known?.Cause,
            ["sets"] = cause.Sets,
            ["example"] = new JsonObject { ["set"] = cause.Example.Set.Number, ["kind"] = cause.Example.Set.Kind, ["backend"] = cause.Example.Set.Backend, ["text"] = cause.Text },
        })]),
    };
}
