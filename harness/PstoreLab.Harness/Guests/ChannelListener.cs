using System.Net.Sockets;
using System.Security.Cryptography;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// A place for QEMU to connect to. The harness listens and QEMU dials, so nothing must be waited for and no early
/// byte is lost; the name is abstract, so there is no path that could be too long and nothing to clean up after a
/// <c>kill -9</c>.
/// </summary>
internal sealed class ChannelListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _name;

    public ChannelListener(string id)
    {
        Id = id;
        _name = $"pstorelab-{RandomNumberGenerator.GetHexString(16, lowercase: true)}-{id}";
        _socket.Bind(new UnixDomainSocketEndPoint("\0" + _name));
        _socket.Listen(1);
    }

    public string Id { get; }

    /// <summary>QEMU's side.</summary>
    public IReadOnlyList<string> Arguments => ["-chardev", $"socket,id={Id},path={_name},abstract=on,server=off"];

    public async Task<Stream> AcceptAsync(CancellationToken cancellation) =>
        new NetworkStream(await _socket.AcceptAsync(cancellation), ownsSocket: true);

    public void Dispose() => _socket.Dispose();
}
