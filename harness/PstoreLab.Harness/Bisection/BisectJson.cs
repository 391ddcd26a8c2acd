using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Bisection;

/// <summary>
/// A search as JSON, in the manner of the evidence: its state for the next session, its report for a program.
/// </summary>
public static class BisectJson
{
    private static readonly BisectContext Context = new(
        new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.KebabCaseLower),
                new JsonStringEnumConverter<StepAnswer>(JsonNamingPolicy.KebabCaseLower),
                new JsonStringEnumConverter<BisectEnding>(JsonNamingPolicy.KebabCaseLower),
            },
        }
    );

    public static string Text(BisectState state) => JsonSerializer.Serialize(state, Context.BisectState);

    public static string Text(BisectReport report) => JsonSerializer.Serialize(report, Context.BisectReport);

    /// <exception cref="JsonException">It is no state.</exception>
    public static BisectState State(string text) =>
        JsonSerializer.Deserialize(text, Context.BisectState)
        ?? throw new JsonException("found nothing, expected a state");
}

[JsonSerializable(typeof(BisectState))]
[JsonSerializable(typeof(BisectReport))]
internal sealed partial class BisectContext : JsonSerializerContext;
