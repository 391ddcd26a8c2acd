using System.Text.Json.Nodes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Output;

/// <summary>A case as one line of JSON.</summary>
internal static class CaseLine
{
    public static string Of(Case @case) =>
        new JsonObject
        {
            ["case"] = @case.Id,
            ["summary"] = @case.Summary,
            ["backend"] = @case.Backend,
            ["dimensions"] = new JsonObject(
                @case.Dimensions.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
            ),
            ["quick"] = @case.Quick,
            ["source"] = @case.Source.ToString(),
        }.ToJsonString();
}
