using System.Text;
using System.Text.Json;

namespace PstoreLab.Harness.Evidence;

/// <summary>An entry of systemd's journal.</summary>
/// <param name="Message">Its text.</param>
/// <param name="File">The content of its field <c>FILE</c>, in which systemd-pstore puts a record; null where it has
/// none.</param>
public sealed record JournalEntry(string Message, byte[]? File)
{
    /// <summary>
    /// Reads a line of <c>journalctl --output=json --all</c> (systemd.journal-fields(7), journalctl(1)).
    /// </summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JournalEntry Parse(string line)
    {
        using var entry = JsonDocument.Parse(line);
        try
        {
            return new JournalEntry(
                entry.RootElement.TryGetProperty("MESSAGE", out var message)
                    ? Encoding.UTF8.GetString(Bytes(message))
                    : "",
                entry.RootElement.TryGetProperty("FILE", out var file) ? Bytes(file) : null
            );
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException($"this is no entry of a journal: {line}", e);
        }
    }

    // What is not UTF-8 comes as a list of numbers, and of a field that is there twice only one is ours.
    private static byte[] Bytes(JsonElement field) =>
        field.ValueKind switch
        {
            JsonValueKind.String => Encoding.UTF8.GetBytes(field.GetString()!),
            JsonValueKind.Array when field.GetArrayLength() > 0 && field[0].ValueKind == JsonValueKind.Number =>
            [
                .. field.EnumerateArray().Select(number => number.GetByte()),
            ],
            JsonValueKind.Array when field.GetArrayLength() > 0 => Bytes(field[0]),
            _ => [],
        };
}
