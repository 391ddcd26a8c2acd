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

    /// <summary>Sends what looks like a frame and does not end.</summary>
    public void SendWithoutEnd(int megabytes)
    {
        Write("PL1 00000000 1 ok ", end: "");
        for (var i = 0; i < megabytes; i++)
            Write(new string('A', 1 << 20), end: "");
    }

    public void Dispose() => _reader.Dispose();

    private static string Frame(int id, string kind, byte[] payload)
    {
        var body = $"{id} {kind} {Convert.ToBase64String(payload)}";
        return $"PL1 {Checksum(body)} {body}";
    }

    private void Write(string frame, string end = "\n") => stream.Write(Encoding.Latin1.GetBytes(frame + end));

    private static string Checksum(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(body)))[..8];
}
