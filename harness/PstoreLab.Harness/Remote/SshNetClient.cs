#if HAVE_SSHNET
using PstoreLab.Harness.Faults;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace PstoreLab.Harness.Remote;

/// <summary>SSH with SSH.NET; compiled when the package is at hand.</summary>
public sealed class SshNetClient : IRemoteClient
{
    public string Name => "SSH.NET";

    public async Task<IRemoteSession> ConnectAsync(RemoteHost host, TimeSpan limit, CancellationToken cancellation)
    {
        await SshBanner.AwaitAsync(host, limit, cancellation);
        var key = new PrivateKeyFile(host.ClientKey.PrivateFile);
        var client = new SshClient(
            new ConnectionInfo("127.0.0.1", host.Port, host.User, new PrivateKeyAuthenticationMethod(host.User, key))
            {
                Timeout = limit,
            }
        );
        // Its default is to trust any.
        client.HostKeyReceived += (_, received) =>
            received.CanTrust = received.HostKey.AsSpan().SequenceEqual(host.HostKey.PublicBlob);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            await client.ConnectAsync(timeout.Token);
            return new SshNetSession(client, key, host);
        }
        catch (Exception e)
        {
            client.Dispose();
            key.Dispose();
            if (cancellation.IsCancellationRequested)
                throw new OperationCanceledException(cancellation);
            throw e is OperationCanceledException or SshOperationTimeoutException
                ? new InfraException($"SSH to {host} did not come to a login within {limit.TotalSeconds:0.#} s.", e)
                : new InfraException($"SSH to {host} failed: {e.Message}", e);
        }
    }
}

/// <summary>A connection that SSH.NET holds.</summary>
internal sealed class SshNetSession(SshClient client, PrivateKeyFile key, RemoteHost host) : IRemoteSession
{
    private const int EndedBySignal = 255;

    public RemoteHost Host => host;

    public async Task<int> RunAsync(RemoteCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var channel = client.CreateCommand(command.Text);
        try
        {
            var ended = channel.ExecuteAsync(cancellation);
            // Read side by side, whether or not somebody wants what they bring: what is not read piles up in memory.
            var outputs = Task.WhenAll(
                channel.OutputStream.CopyToAsync(command.Output ?? Stream.Null, CancellationToken.None),
                channel.ExtendedOutputStream.CopyToAsync(command.Error ?? Stream.Null, CancellationToken.None)
            );
            await SendAsync(channel, command.Input, cancellation);
            await ended;
            await outputs;
            return channel.ExitStatus ?? EndedBySignal;
        }
        catch (Exception e)
            when (e is SshException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new InfraException($"The SSH connection to {host} was lost: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        key.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task SendAsync(SshCommand channel, Stream? content, CancellationToken cancellation)
    {
        try
        {
            await using var input = channel.CreateInputStream();
            if (content is not null)
                await content.CopyToAsync(input, cancellation);
        }
        catch (Exception e)
            when (e is SshException or InvalidOperationException or ObjectDisposedException or IOException)
        {
            // The command ended without reading all; that is its good right. A lost connection is told by the command's
            // own task.
        }
    }
}
#endif
