using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PstoreLab.Harness.Host;

namespace PstoreLab.Report.Content;

/// <summary><c>report.json</c>: <c>docs/report.schema.json</c> says what is in it.</summary>
internal static class ReportJson
{
    private static readonly ReportJsonContext Context = new(
        new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }
    );

    public static string Text(ReportContent content) =>
        VisibleText.OfJson(JsonSerializer.Serialize(content, Context.ReportContent)) + "\n";
}

[JsonSerializable(typeof(ReportContent))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
