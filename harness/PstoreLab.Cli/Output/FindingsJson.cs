using System.Text.Json.Nodes;
using PstoreLab.Cli.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// All that was found as JSON. One file with stores is an object with its name; of more, each store has the file's.
/// </summary>
internal static class FindingsJson
{
    /// <param name="payload">Each record's bytes, in hexadecimal, too.</param>
    public static string Of(Findings findings, bool payload)
    {
        var json = findings is { Records.Count: 0, Stores: [var only] }
            ? StoreJson.Of(only, payload)
            : new JsonObject
            {
                ["stores"] = new JsonArray([
                    .. findings.Records.Count > 0 ? [RecordFilesJson.Of(findings.Records, payload)] : (JsonNode[])[],
                    .. findings.Stores.SelectMany(file => StoreJson.Stores(file, payload)),
                ]),
            };
        json["damaged"] = FindingsDamage.IsIn(findings);
        if (findings.Unread.Count > 0)
            json["unread"] = new JsonArray([.. findings.Unread.Select(file => (JsonNode)file.ToString())]);
        return json.ToJsonString(StoreJson.Readable);
    }
}
