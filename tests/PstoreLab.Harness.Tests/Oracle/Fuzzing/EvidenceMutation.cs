using System.Text.Json;
using System.Text.Json.Nodes;

namespace PstoreLab.Harness.Tests.Oracle.Fuzzing;

/// <summary>One way in which a case folder is not as an attempt has left it, drawn by a seed.</summary>
/// <param name="Kind">How.</param>
/// <param name="Files">What was changed, relative to the folder.</param>
internal sealed record EvidenceMutation(string Kind, IReadOnlyList<string> Files)
{
    private static readonly string[] Kinds =
    [
        "delete",
        "truncate",
        "empty",
        "flip",
        "zero",
        "append",
        "copy",
        "swap",
        "link",
        "drop",
        "null",
        "huge",
    ];

    public override string ToString() => $"{Kind} {string.Join(" and ", Files)}";

    /// <summary>Changes one or two files of a folder.</summary>
    /// <param name="files">All that are in it, relative, with their content.</param>
    public static EvidenceMutation Apply(string folder, IReadOnlyDictionary<string, byte[]> files, Random random)
    {
        string[] names = [.. files.Keys.Order(StringComparer.Ordinal)];
        string kind = Kinds[random.Next(Kinds.Length)];
        if (kind is "drop" or "null" or "huge")
            names = [.. names.Where(name => name.EndsWith(".json", StringComparison.Ordinal))];
        string name = names[random.Next(names.Length)];
        string path = Path.Combine(folder, name);
        byte[] content = files[name];
        switch (kind)
        {
            case "delete":
                File.Delete(path);
                break;
            case "truncate":
                Write(path, content[..random.Next(content.Length)]);
                break;
            case "empty":
                Write(path, []);
                break;
            case "flip":
                Write(path, Flipped(content, random));
                break;
            case "zero":
                Write(path, Zeroed(content, random));
                break;
            case "append":
                Write(path, [.. content, .. content]);
                break;
            case "copy":
                string copied = path + "-1";
                Write(copied, content);
                return new EvidenceMutation(kind, [name + "-1"]);
            case "swap":
                string other = names[random.Next(names.Length)];
                if (name.StartsWith("boot-1/", StringComparison.Ordinal))
                    other = names.FirstOrDefault(one => one == name.Replace("boot-1/", "boot-2/")) ?? other;
                Write(path, files[other]);
                Write(Path.Combine(folder, other), content);
                return new EvidenceMutation(kind, [name, other]);
            case "link":
                // Never to a file of this machine: what writes through a link would destroy it.
                string outside = Path.Combine(folder, "elsewhere.txt");
                File.WriteAllText(outside, "not evidence\n");
                File.Delete(path);
                File.CreateSymbolicLink(path, random.Next(2) == 0 ? "/dev/zero" : outside);
                break;
            default:
                Write(path, ChangedJson(content, kind, random));
                break;
        }

        return new EvidenceMutation(kind, [name]);
    }

    // Not into the file that is there: another folder may have a link to it.
    private static void Write(string path, byte[] content)
    {
        File.Delete(path);
        File.WriteAllBytes(path, content);
    }

    private static byte[] Flipped(byte[] content, Random random)
    {
        byte[] flipped = [.. content];
        for (int i = random.Next(4); i >= 0; i--)
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static byte[] Zeroed(byte[] content, Random random)
    {
        byte[] zeroed = [.. content];
        int from = random.Next(zeroed.Length);
        zeroed.AsSpan(from, random.Next(zeroed.Length - from) + 1).Clear();
        return zeroed;
    }

    private static byte[] ChangedJson(byte[] content, string kind, Random random)
    {
        var root = JsonNode.Parse(content)!;
        var places = Places(root).ToList();
        if (kind == "huge")
            places =
            [
                .. places.Where(place => Value(place) is { } value && value.GetValueKind() == JsonValueKind.Number),
            ];
        if (places.Count == 0)
            return "{}"u8.ToArray();
        var (parent, key, index) = places[random.Next(places.Count)];
        JsonNode? value = kind switch
        {
            "huge" => JsonValue.Create(new[] { int.MaxValue, int.MinValue, long.MaxValue, 1e300, -1 }[random.Next(5)]),
            _ => null,
        };
        if (parent is JsonArray list)
        {
            if (kind == "drop")
                list.RemoveAt(index);
            else
                list[index] = value;
        }
        else if (kind == "drop")
            ((JsonObject)parent).Remove(key);
        else
            ((JsonObject)parent)[key] = value;
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    private static JsonNode? Value((JsonNode Parent, string Key, int Index) place) =>
        place.Parent is JsonArray list ? list[place.Index] : place.Parent[place.Key];

    private static IEnumerable<(JsonNode Parent, string Key, int Index)> Places(JsonNode node) =>
        node switch
        {
            JsonObject table => table.SelectMany(entry =>
                (IEnumerable<(JsonNode, string, int)>)
                    [(table, entry.Key, 0), .. entry.Value is { } value ? Places(value) : []]
            ),
            JsonArray list => list.SelectMany(
                (entry, index) =>
                    (IEnumerable<(JsonNode, string, int)>)[(list, "", index), .. entry is null ? [] : Places(entry)]
            ),
            _ => [],
        };
}
