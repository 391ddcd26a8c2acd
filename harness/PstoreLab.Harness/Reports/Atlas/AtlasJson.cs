using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary><c>atlas.json</c>, in the manner of the evidence.</summary>
public static class AtlasJson
{
    private static readonly AtlasContext Context = new(
        new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.KebabCaseLower) },
        }
    );

    public static string Text(AtlasContent atlas) => JsonSerializer.Serialize(atlas, Context.AtlasContent);
}

[JsonSerializable(typeof(AtlasContent))]
internal sealed partial class AtlasContext : JsonSerializerContext;
