using System.Security.Cryptography;
using System.Text;

namespace PstoreLab.Harness.Plans;

/// <summary>One message from the agent. The format is described at the top of <c>images/initramfs/agent</c>.</summary>
/// <param name="Id">The request it answers; 0 when it answers none.</param>
/// <param name="Kind"><c>ready</c>, <c>ok</c>, <c>failed</c> or <c>garbled</c>.</param>
internal sealed record AgentFrame(int Id, string Kind, byte[] Payload)
{
    private const string Magic = "PL1 ";

    public string Text => Encoding.Latin1.GetString(Payload).TrimEnd('\n');

    /// <summary>A request as it goes over the wire, with its line end.</summary>
    public static string Request(int id, string request)
    {
        string body = $"{id} {request}";
        return $"{Checksum(body)} {body}\n";
    }

    /// <summary>Null for anything that is not a whole frame with the right checksum.</summary>
    public static AgentFrame? Parse(string line)
    {
        // Firmware may have left something on the line; the checksum decides.
        int start = line.IndexOf(Magic, StringComparison.Ordinal);
        if (start < 0)
            return null;
        string rest = line[(start + Magic.Length)..];
        int blank = rest.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || Checksum(rest[(blank + 1)..]) != rest[..blank])
            return null;
        string[] words = rest[(blank + 1)..].Split(' ');
        var payload = new byte[words.Length > 2 ? words[2].Length : 0];
        return
            words.Length == 3
            && int.TryParse(words[0], out int id)
            && Convert.TryFromBase64String(words[2], payload, out int length)
            ? new AgentFrame(id, words[1], payload[..length])
            : null;
    }

    private static string Checksum(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(body)))[..8];
}
