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
    /// The next request, by its id; null when nobody will ask any more. One that does not stand there twice is refused
    /// on the way.
    /// </summary>
    public async Task<(int Id, string[] Words)?> NextAsync()
    {
        while (await _reader.ReadLineAsync() is { } line)
        {
            if (line.Split('\t') is not [var body, var again] || body != again)
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

    /// <summary>Sends a payload of one word.</summary>
    public void SendWord(int id, string kind, string word)
    {
        var body = $"{id} {kind} ={word}";
        Write($"PL1 {body}\t{body}");
    }

    /// <summary>Sends a frame in which one character was damaged on the way.</summary>
    public void SendGarbled(int id, string kind, byte[] payload) =>
        Write(Frame(id, kind, payload).Replace($"PL1 {id} {kind}", $"PL1 {id} {kind.ToUpperInvariant()}"));

    /// <summary>Sends what looks like a frame and does not end.</summary>
    public void SendWithoutEnd(int megabytes)
    {
        Write("PL1 1 ok ", end: "");
        for (var i = 0; i < megabytes; i++)
            Write(new string('A', 1 << 20), end: "");
    }

    public void Dispose() => _reader.Dispose();

    private static string Frame(int id, string kind, byte[] payload)
    {
        if (payload.Length == 0)
            return $"PL1 {id} {kind}\t{id} {kind}";
        var sum = Convert.ToHexStringLower(SHA256.HashData(payload))[..8];
        return $"PL1 {id} {kind} {Convert.ToBase64String(payload)}\t{id} {kind} {sum}";
    }

    private void Write(string frame, string end = "\n") => stream.Write(Encoding.Latin1.GetBytes(frame + end));
}
