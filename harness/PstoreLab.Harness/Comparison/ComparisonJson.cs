using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Comparison;

/// <summary>A comparison for a program to read, in the manner of the evidence.</summary>
public static class ComparisonJson
{
    private static readonly ComparisonContext Context = new(
        new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter<Standing>(JsonNamingPolicy.KebabCaseLower) },
        }
    );

    public static string Text(RunComparison comparison) => JsonSerializer.Serialize(comparison, Context.RunComparison);
}

[JsonSerializable(typeof(RunComparison))]
internal sealed partial class ComparisonContext : JsonSerializerContext;
