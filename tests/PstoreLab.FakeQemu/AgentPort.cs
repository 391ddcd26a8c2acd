using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace PstoreLab.FakeQemu;

/// <summary>
/// The guest's end of ttyS1, written from the description in <c>images/initramfs/agent</c> and not from the harness.
/// </summary>
internal sealed class AgentPort(NetworkStream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.Latin1);

    /// <summary>
    /// The next request, by its id; null when nobody will ask any more. One with a wrong checksum is refused on the
    /// way.
    /// </summary>
    public async Task<(int Id, string[] Words)?> NextAsync()
    {
        while (await _reader.ReadLineAsync() is { } line)
        {
            var blank = line.IndexOf(' ');
            var body = line[(blank + 1)..];
            if (line[..blank] != Checksum(body))
            {
                Send(0, "garbled", []);
                continue;
            }

            var words = body.Split(' ');
            return (int.Parse(words[0]), words[1..]);
        }

        return null;
    }

    public void Send(int id, string kind, byte[] payload) => Write(Frame(id, kind, payload));

    /// <summary>Sends a frame in which one character was damaged on the way.</summary>
    public void SendGarbled(int id, string kind, byte[] payload) =>
        Write(Frame(id, kind, payload).Replace($" {kind} ", $" {kind.ToUpperInvariant()} "));

    public void Dispose() => _reader.Dispose();

    private static string Frame(int id, string kind, byte[] payload)
    {
        var body = $"{id} {kind} {Convert.ToBase64String(payload)}";
        return $"PL1 {Checksum(body)} {body}";
    }

    private void Write(string frame) => stream.Write(Encoding.Latin1.GetBytes(frame + "\n"));

    private static string Checksum(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(body)))[..8];
}
