using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// How evidence is written and read: camel case, names of enums in kebab case, nothing escaped that need not be.
/// </summary>
public static class EvidenceJson
{
    private static readonly EvidenceContext Indented = new(Options(indented: true));
    private static readonly EvidenceContext OneLine = new(Options(indented: false));

    /// <summary>Writes a file in one go: a reader sees the old one or the new one.</summary>
    public static Task WriteAsync<T>(string path, T value, CancellationToken cancellation) =>
        ReplaceAsync(path, JsonSerializer.Serialize(value, Info<T>(Indented)) + "\n", cancellation);

    /// <summary>Writes a text in place of a file. What a link of that name leads to stays as it is.</summary>
    internal static async Task ReplaceAsync(string path, string text, CancellationToken cancellation)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        await File.WriteAllTextAsync(fresh, text, cancellation);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>One line, without its end.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Info<T>(OneLine));

    /// <summary>Indented text.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Info<T>(Indented));

    /// <summary>Reads evidence, which must be there.</summary>
    /// <exception cref="EvidenceException">It is not, or holds something else.</exception>
    public static T Kept<T>(string path)
        where T : class
    {
        string text = EvidenceReader.Text(path);
        try
        {
            using var json = JsonDocument.Parse(text);
            // Of lists the serializer checks no entry for null.
            if (HasListWithNull(json.RootElement))
                throw new JsonException("a list has an entry that is null");
            var kept = Parse<T>(text) ?? throw new JsonException("it is null");
            // A property that is no parameter of the constructor is null where the text lacks it, whatever it may be.
            // The serializer checks that when it writes.
            _ = Line(kept);
            return kept;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new EvidenceException(path, $"does not parse: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="JsonException">It holds something else.</exception>
    public static T? Read<T>(string path)
        where T : class => File.Exists(path) ? Parse<T>(File.ReadAllText(path)) : null;

    public static T Parse<T>(string text) => JsonSerializer.Deserialize(text, Info<T>(Indented))!;

    private static bool HasListWithNull(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray()
                .Any(entry => entry.ValueKind == JsonValueKind.Null || HasListWithNull(entry)),
            JsonValueKind.Object => json.EnumerateObject().Any(property => HasListWithNull(property.Value)),
            _ => false,
        };

    private static JsonTypeInfo<T> Info<T>(EvidenceContext context) => (JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!;

    private static JsonSerializerOptions Options(bool indented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = indented,
            // A file that lacks something is damaged, and is refused here rather than somewhere later.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new KebabEnumConverter<Verdict>(),
                new KebabEnumConverter<CycleState>(),
                new KebabEnumConverter<CycleEnding>(),
                new KebabEnumConverter<GuestFaultKind>(),
                new KebabEnumConverter<CrashEnd>(),
                new KebabEnumConverter<Scenarios.RecordContent>(),
                new KebabEnumConverter<Scenarios.ArchiveForm>(),
                new KebabEnumConverter<Scenarios.ArchiverOutcome>(),
                new KebabEnumConverter<Scenarios.VmcoreOutcome>(),
                new KebabEnumConverter<RegionKind>(),
                new KebabEnumConverter<CompressionMethod>(),
            },
        };

    private sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
        where T : struct, Enum;
}

[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(CycleLog))]
[JsonSerializable(typeof(CaseResult))]
[JsonSerializable(typeof(Judgement))]
[JsonSerializable(typeof(DamageLog))]
[JsonSerializable(typeof(JudgedCase))]
[JsonSerializable(typeof(Accelerator))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(Dictionary<string, double>))]
internal sealed partial class EvidenceContext : JsonSerializerContext;
