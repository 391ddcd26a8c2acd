using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// The JSON schema of a scenario file, for editors. It is written from the shapes that the binder reads by, so the two
/// cannot differ; JsonSchemaExporter would describe how System.Text.Json reads these types, which nobody does.
/// </summary>
public sealed class ScenarioSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Each type once: written out wherever it may stand, the schema would be ten times as long.
    private readonly JsonObject definitions = [];

    private ScenarioSchema() { }

    public static string Generate()
    {
        var writer = new ScenarioSchema();
        var schema = writer.Mapping(DocumentShape.Of(typeof(ScenarioDocument)));
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(
            1,
            "description",
            typeof(ScenarioDocument).GetCustomAttribute<DescriptionAttribute>()!.Description
        );
        schema.Add("definitions", writer.definitions);
        return schema.ToJsonString(Layout) + "\n";
    }

    private JsonObject Mapping(DocumentShape shape)
    {
        var properties = new JsonObject();
        foreach (var key in shape.Keys.Where(key => key.Refused is null))
        {
            var value = Value(key.Property.PropertyType, key);
            // Readers of this draft ignore whatever stands beside a reference.
            if (value.ContainsKey("$ref"))
                value = new JsonObject { ["allOf"] = new JsonArray(value) };
            value.Insert(0, "description", key.Description);
            properties.Add(key.Name, value);
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (shape.Keys.Any(key => key.Required))
            schema.Add("required", Words(shape.Keys.Where(key => key.Required).Select(key => key.Name)));
        if (shape.ExactlyOneOf.Count > 0)
            schema.Add(
                "oneOf",
                new JsonArray([.. shape.ExactlyOneOf.Select(key => new JsonObject { ["required"] = Words([key]) })])
            );
        return schema;
    }

    private JsonObject Value(Type type, DocumentKey key)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var schema =
            type == typeof(Text)
                ? key.AllowedValues is { } words
                    ? Choice(words)
                    : Empty(Scalar(), key)
                : type == typeof(int)
                    ? AnyOf(Number(key), Reference())
                    : type == typeof(ByteSize)
                        ? AnyOf(new JsonObject { ["type"] = "integer" }, Matching(ByteSize.Pattern), Reference())
                        : type.IsEnum
                            ? Choice(EnumNames.Of(type).Select(name => name.Name))
                            : type == typeof(Table)
                                ? NamesTo(key.OneValueEach ? Empty(Scalar(), key) : OneOrMany(Scalar()))
                                : type.IsAssignableTo(typeof(Document))
                                    ? Empty(Defined(type), key)
                                    : type.GetGenericTypeDefinition() == typeof(Template<>)
                                        ? Value(type.GetGenericArguments()[0], key)
                                        : OneOrMany(Value(type.GetGenericArguments()[0], key));
        return key.OrNone ? AnyOf(new JsonObject { ["const"] = "none" }, schema) : schema;
    }

    private JsonObject Defined(Type type)
    {
        var name = JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name.Replace("Document", ""));
        if (!definitions.ContainsKey(name))
        {
            var shape = DocumentShape.Of(type);
            // A step may hold steps.
            definitions.Add(name, new JsonObject());
            var mapping = Mapping(shape);
            definitions[name] = shape.Shorthand is { } word
                ? AnyOf(Value(word.Property.PropertyType, word), mapping)
                : mapping;
        }

        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }

    private static JsonObject Empty(JsonObject schema, DocumentKey key) =>
        key.MayBeEmpty ? AnyOf(new JsonObject { ["type"] = "null" }, schema) : schema;

    private static JsonObject NamesTo(JsonObject value) =>
        new() { ["type"] = "object", ["additionalProperties"] = value };

    private static JsonObject Scalar() => new() { ["type"] = Words(["string", "number", "boolean"]) };

    private static JsonObject Number(DocumentKey key) =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = (int)key.Range!.Minimum,
            ["maximum"] = (int)key.Range.Maximum,
        };

    private static JsonObject Choice(IEnumerable<string> words) =>
        AnyOf(new JsonObject { ["enum"] = Words(words) }, Reference());

    private static JsonObject Reference() => Matching(@"\$\{");

    private static JsonObject Matching(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject OneOrMany(JsonObject item) =>
        AnyOf(item, new JsonObject { ["type"] = "array", ["items"] = item.DeepClone() });

    private static JsonObject AnyOf(params JsonObject[] schemas) => new() { ["anyOf"] = new JsonArray(schemas) };

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => JsonValue.Create(word))];
}
