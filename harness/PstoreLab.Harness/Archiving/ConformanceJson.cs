using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PstoreLab.Harness.Archiving;

/// <summary>The reports for programs.</summary>
public static class ConformanceJson
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="seed">Of the record sets; null for those of the user's own.</param>
    /// <param name="causes">Of the catalogued bugs, by name.</param>
    public static string Of(
        int? seed,
        IReadOnlyList<ReleaseReport> reports,
        IReadOnlyDictionary<string, string> causes
    ) =>
        new JsonObject
        {
            ["seed"] = seed,
            ["asKnown"] = reports.All(report => report.IsAsKnown),
            ["releases"] = new JsonArray([.. reports.Select(report => Release(report, causes))]),
        }.ToJsonString(Readable);

    private static JsonObject Release(ReleaseReport report, IReadOnlyDictionary<string, string> causes) =>
        new()
        {
            ["release"] = report.Release,
            ["systemd"] = report.Version,
            ["sets"] = report.Sets,
            ["seconds"] = Math.Round(report.Seconds, 2),
            ["setsPerSecond"] = Math.Round(report.SetsPerSecond, 1),
            ["asKnown"] = report.IsAsKnown,
            ["fixed"] = new JsonArray([.. report.Fixed.Select(entry => JsonValue.Create(entry.Id))]),
            ["properties"] = new JsonArray([.. report.Properties.Select(property => Property(property, causes))]),
        };

    private static JsonObject Property(PropertyReport property, IReadOnlyDictionary<string, string> causes) =>
        new()
        {
            ["property"] = JsonNamingPolicy.KebabCaseLower.ConvertName($"{property.Property}"),
            ["right"] = property.Right,
            ["wrong"] = property.Wrong,
            ["causes"] = new JsonArray([
                .. property.Causes.Select(cause => new JsonObject
                {
                    ["known"] = cause.Known?.Id,
                    ["cause"] = cause.Known is null ? null : causes[cause.Known.Id],
                    ["sets"] = cause.Sets,
                    ["example"] = new JsonObject
                    {
                        ["set"] = cause.Example.Set.Number,
                        ["kind"] = cause.Example.Set.Kind,
                        ["backend"] = cause.Example.Set.Backend,
                        ["text"] = cause.Text,
                    },
                }),
            ]),
        };
}
