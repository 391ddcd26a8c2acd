using System.Text.Json;
using PstoreLab.Records;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// The journal as <c>journalctl -o json</c>, <c>json-pretty</c>, <c>json-sse</c> or <c>json-seq</c> writes it: an
/// object an entry; a value that is no text is an array of its bytes.
/// </summary>
internal sealed class JournalJson : Container
{
    protected override bool Begins(ReadOnlySpan<byte> head) =>
        WithoutFrame(head).StartsWith("{"u8)
        && (head.IndexOf("\"__CURSOR\""u8) >= 0 || head.IndexOf("\"MESSAGE\""u8) >= 0);

    public override void Read(StoreFile file, IMembers members)
    {
        var lines = new ByteLines(file.Content);
        var seen = new Dictionary<string, int>();
        int broken = 0;
        while (Next(lines) is { } text)
        {
            // Most of a journal is not pstore's.
            if (text.AsSpan().IndexOf("PStore "u8) < 0)
                continue;
            if (Entry(text) is { } entry)
                entry.Take(file, members, seen);
            else
                broken++;
        }
        if (broken > 0)
            throw new InvalidDataException($"{broken} entries are no JSON objects");
    }

    // Pretty ones begin and end with a brace that stands alone.
    private static byte[]? Next(ByteLines lines)
    {
        byte[]? line;
        while ((line = lines.Read()) is not null)
        {
            var text = WithoutFrame(line);
            if (text.Length == 0)
                continue;
            if (!text.SequenceEqual("{"u8))
                return text.ToArray();
            var entry = new List<byte>([.. text]);
            while (lines.Read() is { } more && entry.Count <= 8 * RecordFile.Largest)
            {
                entry.AddRange(more);
                if (more is [(byte)'}', ..])
                    break;
            }
            return [.. entry];
        }
        return null;
    }

    private static JournalEntry? Entry(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            return new JournalEntry(
                Value(json.RootElement, JournalEntry.MessageField) is { } message
                    ? RecordText.FromBytes(message)
                    : null,
                Value(json.RootElement, JournalEntry.FileField)
            );
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[]? Value(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out var value) ? Bytes(value) : null;

    // A field that an entry has several times is an array of values.
    private static byte[]? Bytes(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => System.Text.Encoding.UTF8.GetBytes(value.GetString()!),
            JsonValueKind.Array when value.GetArrayLength() == 0 => [],
            JsonValueKind.Array when value[0].ValueKind == JsonValueKind.Number =>
            [
                .. value.EnumerateArray().Select(one => one.TryGetByte(out byte known) ? known : (byte)'?'),
            ],
            JsonValueKind.Array => Bytes(value[0]),
            _ => null,
        };

    // "data: " of server-sent events, the record separator of RFC 7464, and blanks.
    private static ReadOnlySpan<byte> WithoutFrame(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t\r\n\x1e"u8);
        return (line.StartsWith("data: "u8) ? line[6..] : line).TrimEnd(" \t\r\n"u8);
    }
}
