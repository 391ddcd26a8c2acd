using System.Security.Cryptography;
using System.Text;

namespace PstoreLab.Harness.Plans;

/// <summary>One message from the agent. The format is described at the top of <c>images/initramfs/agent</c>.</summary>
/// <param name="Id">The request it answers; 0 when it answers none.</param>
/// <param name="Kind"><c>ready</c>, <c>ok</c>, <c>failed</c> or <c>garbled</c>.</param>
internal sealed record AgentFrame(int Id, string Kind, byte[] Payload)
{
    private const string Magic = "PL1 ";
    private const char Tab = '\t';

    public string Text => Encoding.Latin1.GetString(Payload).TrimEnd('\n');

    /// <summary>A request as it goes over the wire, with its line end.</summary>
    public static string Request(int id, string request) => $"{id} {request}{Tab}{id} {request}\n";

    /// <summary>Null for anything that is not a whole frame with the right checksum.</summary>
    public static AgentFrame? Parse(string line)
    {
        // Firmware may have left something on the line; the checksum decides.
        int start = line.IndexOf(Magic, StringComparison.Ordinal);
        if (start < 0)
            return null;
        string rest = line[(start + Magic.Length)..];
        int tab = rest.IndexOf(Tab, StringComparison.Ordinal);
        if (tab < 0)
            return null;
        string[] words = rest[..tab].Split(' ');
        string[] again = rest[(tab + 1)..].Split(' ');
        return
            words.Length is 2 or 3
            && again.Length == words.Length
            && (words[0], words[1]) == (again[0], again[1])
            && int.TryParse(words[0], out int id)
            && PayloadOf(words.ElementAtOrDefault(2), again.ElementAtOrDefault(2)) is { } payload
            ? new AgentFrame(id, words[1], payload)
            : null;
    }

    private static byte[]? PayloadOf(string? word, string? check)
    {
        if (word is null || word.StartsWith('='))
            return word == check ? Encoding.Latin1.GetBytes(word?[1..] ?? "") : null;
        byte[] payload = new byte[word.Length];
        return Convert.TryFromBase64String(word, payload, out int length) && Checksum(payload[..length]) == check
            ? payload[..length]
            : null;
    }

    private static string Checksum(byte[] payload) => Convert.ToHexStringLower(SHA256.HashData(payload))[..8];
}
