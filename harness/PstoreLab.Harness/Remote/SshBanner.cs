using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PstoreLab.Harness.Remote;

/// <summary>
/// Whether an SSH server answers. QEMU accepts a forwarded connection for a guest that does not listen yet, and closes
/// it, or leaves it open without a word; so only the server's first bytes count (RFC 4253, section 4.2).
/// </summary>
internal static class SshBanner
{
    private static readonly byte[] Expected = Encoding.ASCII.GetBytes("SSH-2.0-");

    /// <exception cref="UnreachableException">None answered within the time.</exception>
    public static async Task AwaitAsync(RemoteHost host, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, host.Port, timeout.Token);
            byte[] head = new byte[Expected.Length];
            int count = await client
                .GetStream()
                .ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, timeout.Token);
            if (!head.AsSpan(0, count).SequenceEqual(Expected))
            {
                string found = count == 0 ? "the connection was closed" : $"found '{Printable(head.AsSpan(0, count))}'";
                throw new UnreachableException($"No SSH server answers at 127.0.0.1:{host.Port}: {found}.");
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new UnreachableException($"No SSH server answers at 127.0.0.1:{host.Port}: {e.Message}.", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new UnreachableException(
                $"No SSH server answers at 127.0.0.1:{host.Port}: not a word within {limit.TotalSeconds:0.#} s.",
                e
            );
        }
    }

    private static string Printable(ReadOnlySpan<byte> bytes) =>
        string.Concat(Encoding.Latin1.GetString(bytes).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
