using System.Net.Sockets;
using PstoreLab.Harness.Faults;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace PstoreLab.Harness.Remote;

/// <summary>A connection that SSH.NET holds.</summary>
internal sealed class SshNetSession : IRemoteSession
{
    private const int EndedBySignal = 255;

    /// <summary>How long the end of a connection may take; to a dead guest it may never come.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private static readonly RemoteCommand Nothing = new(":");

    private readonly SshClient _client;
    private readonly KeepAlive _keepAlive;
    private readonly CancellationTokenSource _over = new();
    private readonly Lazy<Task> _end;
    private string _reason = "it was closed here";

    public SshNetSession(SshClient client, RemoteHost host, TimeProvider time)
    {
        _client = client;
        Host = host;
        _keepAlive = new KeepAlive(SignOfLifeAsync, time);
        _end = new Lazy<Task>(EndAsync);
    }

    public RemoteHost Host { get; }

    public async Task<int> RunAsync(RemoteCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _over.Token);
        try
        {
            var exit = SshNetCommand.RunAsync(_client, command, stop.Token);
            if (!await _keepAlive.WaitAsync(exit))
            {
                _reason = $"the guest gave no sign of life for {KeepAlive.Patience.TotalSeconds:0} s";
                _ = _end.Value;
            }
            return await exit ?? EndedBySignal;
        }
        catch (Exception e) when (e is OperationCanceledException || IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            string why = _over.IsCancellationRequested ? _reason : e.Message;
            throw new InfraException($"The SSH connection to {Host} was lost: {why}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _end.Value.WaitAsync(Farewell);
        }
        catch (TimeoutException)
        {
            // What is left is a thread that ends with the guest's QEMU.
        }
    }

    private async Task SignOfLifeAsync(CancellationToken cancellation)
    {
        try
        {
            await SshNetCommand.RunAsync(_client, Nothing, cancellation);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // A refusal is a sign of life as well, and a connection that broke ends every command by itself.
        }
    }

    // SSH.NET does not end the commands of a client that is disposed.
    private async Task EndAsync()
    {
        await _over.CancelAsync();
        await Task.Factory.StartNew(
            _client.Dispose,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private static bool IsLoss(Exception e) =>
        e is SshException or SocketException or ObjectDisposedException or InvalidOperationException;
}
