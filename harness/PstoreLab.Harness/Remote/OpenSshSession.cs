using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Remote;

/// <summary>A connection that an <c>ssh -M</c> holds.</summary>
/// <param name="folder">The session's own; deleted with it.</param>
/// <param name="complaints">What the master says.</param>
internal sealed class OpenSshSession(
    IProcessRunner runner,
    RemoteHost host,
    string folder,
    string socket,
    IRunningProcess master,
    MemoryStream complaints
) : IRemoteSession
{
    /// <summary>Of ssh(1), for its own errors; but the command may have ended with it as well.</summary>
    private const int FailedItself = 255;

    public RemoteHost Host => host;

    public async Task<int> RunAsync(RemoteCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Without a master it would connect anew, perhaps to the next boot: a proxy that ends at once prevents that.
        var spec = new ProcessSpec(
            "ssh",
            "-F",
            "none",
            "-T",
            "-S",
            socket,
            "-o",
            "ProxyCommand=exit 1",
            "-o",
            "LogLevel=ERROR",
            "127.0.0.1",
            "--",
            command.Text
        )
        {
            StandardInput = command.Input,
            StandardOutput = command.Output,
            StandardError = command.Error,
        };
        await using var client = runner.Start(spec);
        ProcessExit exit;
        await using (cancellation.Register(client.Kill))
            exit = await client.Exit;
        cancellation.ThrowIfCancellationRequested();
        if (exit.Code == FailedItself && !await IsAliveAsync(cancellation))
            throw new InfraException(
                $"The SSH connection to {host} was lost: {OpenSshClient.Words(complaints, exit.Code)}"
            );
        return exit.Code;
    }

    public async ValueTask DisposeAsync()
    {
        await master.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    // The master ends a moment after its last client.
    private async Task<bool> IsAliveAsync(CancellationToken cancellation)
    {
        if (master.Exit.IsCompleted)
            return false;
        var check = await runner.RunAsync(
            new ProcessSpec("ssh", "-F", "none", "-S", socket, "-O", "check", "127.0.0.1"),
            cancellation
        );
        return check.Exit.Success;
    }
}
