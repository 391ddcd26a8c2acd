using System.Globalization;
using System.Text.Json.Nodes;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>
/// What an editor says about a scenario: the shipped schema, by a validator that others wrote.
/// </summary>
public sealed class SchemaValidationTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(
        Path.Combine(ScenarioBench.Root, "scenarios", "scenario.schema.json")
    );

    private static readonly string Shipped = File.ReadAllText(Path.Combine(Families, "cycle", "record-whole.yaml"));

    private static string Families => Path.Combine(ScenarioBench.Root, "scenarios");

    public static IEnumerable<string> Scenarios =>
        Directory
            .EnumerateDirectories(Families)
            .SelectMany(family => Directory.EnumerateFiles(family, "*.yaml"))
            .Select(file => Path.GetRelativePath(Families, file))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Scenarios))]
    public void A_shipped_scenario_is_valid(string scenario) =>
        Assert.That(Complaints(File.ReadAllText(Path.Combine(Families, scenario))), Is.Empty);

    [TestCase("steps:", "stepts:")]
    [TestCase("  - crash: sysrq-c", "  - crsh: sysrq-c")]
    [TestCase("restart: ${restart}", "restart: lukewarm")]
    [TestCase("type: dmesg", "type: dmsg")]
    [TestCase("type: dmesg", "tipe: dmesg")]
    [TestCase("scenario: record-whole", "")]
    [TestCase("  - crash: sysrq-c", "  - { crash: sysrq-c, restart: cold }")]
    [TestCase("  - boot: ${kernel}", "  - { boot: debian-6.1, cpus: 0 }")]
    [TestCase("  - boot: ${kernel}", "  - { boot: debian-6.1, cpus: two }")]
    public void A_mistake_in_one_is_found(string right, string wrong)
    {
        Assert.That(Shipped, Does.Contain(right));
        Assert.That(Complaints(Shipped.Replace(right, wrong)), Is.Not.Empty);
    }

    [TestCase("  - boot: ${kernel}", "  - { boot: debian-6.1, cpus: 2 }")]
    public void Another_right_one_is_valid(string right, string other)
    {
        Assert.That(Shipped, Does.Contain(right));
        Assert.That(Complaints(Shipped.Replace(right, other)), Is.Empty);
    }

    private static IReadOnlyList<string> Complaints(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var results = Schema.Evaluate(
            Json(stream.Documents[0].RootNode),
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        return results.IsValid
            ? []
            :
            [
                $"{results.InstanceLocation}: not valid",
                .. from detail in results.Details
                where detail.HasErrors
                from error in detail.Errors!
                select $"{detail.InstanceLocation}: {error.Value}",
            ];
    }

    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(child =>
                    KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Json(child.Value))
                )
            ),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Json)]),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value!),
            YamlScalarNode scalar => JsonValue.Create(scalar.Value),
            _ => throw new NotSupportedException($"{node.NodeType} at {node.Start}"),
        };

    // YAML 1.2, section 10.3.2: the core schema, by which editors go.
    private static JsonValue? Plain(string text) =>
        text switch
        {
            "" or "~" or "null" => null,
            "true" or "false" => JsonValue.Create(text == "true"),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) =>
                JsonValue.Create(whole),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
                JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
}
