using PstoreLab.Harness.Faults;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace PstoreLab.Harness.Remote;

/// <summary>SSH with SSH.NET.</summary>
public sealed class SshNetClient(TimeProvider time) : IRemoteClient
{
    /// <summary>
    /// How long a server may take for its first word. QEMU accepts a connection for a guest that does not listen yet,
    /// and may leave it open without a word; the next one is answered.
    /// </summary>
    private static readonly TimeSpan FirstWord = TimeSpan.FromSeconds(3);

    public async Task<IRemoteSession> ConnectAsync(RemoteHost host, TimeSpan limit, CancellationToken cancellation)
    {
        var key = new PrivateKeyFile(host.ClientKey.PrivateFile);
        var client = new SshClient(Info(host, key, limit));
        // Its default is to trust any.
        client.HostKeyReceived += (_, received) =>
            received.CanTrust = received.HostKey.AsSpan().SequenceEqual(host.HostKey.PublicBlob);
        var greeting = limit < FirstWord ? limit : FirstWord;
        using var timeout = new CancellationTokenSource(greeting, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        bool answered = false;
        client.ServerIdentificationReceived += (_, _) =>
        {
            answered = true;
            timeout.CancelAfter(limit);
        };
        var connecting = client.ConnectAsync(stop.Token);
        try
        {
            // Between the server's first word and the login, SSH.NET listens to no token.
            await connecting.WaitAsync(stop.Token);
            // From now on it is for the session to say when a connection is lost.
            client.ConnectionInfo.Timeout = Timeout.InfiniteTimeSpan;
            return new SshNetSession(client, host, time);
        }
        catch (Exception e)
        {
            _ = connecting.ContinueWith(_ => client.Dispose(), TaskScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
            throw answered ? Refused(host, limit, e) : Unreachable(host, greeting, e);
        }
        finally
        {
            _ = connecting.ContinueWith(_ => key.Dispose(), TaskScheduler.Default);
        }
    }

    private static ConnectionInfo Info(RemoteHost host, PrivateKeyFile key, TimeSpan limit) =>
        new("127.0.0.1", host.Port, host.User, new PrivateKeyAuthenticationMethod(host.User, key)) { Timeout = limit };

    private static InfraException Refused(RemoteHost host, TimeSpan limit, Exception e) =>
        new(
            IsLate(e)
                ? $"SSH to {host} did not come to a login within {limit.TotalSeconds:0.#} s."
                : $"SSH to {host} failed: {e.Message}",
            e
        );

    private static UnreachableException Unreachable(RemoteHost host, TimeSpan greeting, Exception e) =>
        new(
            $"No SSH server answers at 127.0.0.1:{host.Port}: "
                + (IsLate(e) ? $"not a word of SSH within {greeting.TotalSeconds:0.#} s." : e.Message),
            e
        );

    private static bool IsLate(Exception e) => e is OperationCanceledException or SshOperationTimeoutException;
}
