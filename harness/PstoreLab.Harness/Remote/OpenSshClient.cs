using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Remote;

/// <summary>
/// SSH with the OpenSSH client. A session is one <c>ssh -M</c> that holds the connection, and a command one more
/// <c>ssh</c> that asks it for a channel (ssh_config(5), ControlMaster), so that an emulated guest agrees on keys once.
/// </summary>
public sealed class OpenSshClient(IProcessRunner runner, TimeProvider time) : IRemoteClient
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public string Name => "the OpenSSH client";

    public async Task<IRemoteSession> ConnectAsync(RemoteHost host, TimeSpan limit, CancellationToken cancellation)
    {
        await SshBanner.AwaitAsync(host, limit, cancellation);
        // Not beside the keys: the path of a socket has at most 107 bytes.
        string folder = Directory.CreateTempSubdirectory("pstorelab-ssh-").FullName;
        string socket = Path.Combine(folder, "control");
        string knownHosts = Path.Combine(folder, "known_hosts");
        var complaints = new MemoryStream();
        IRunningProcess? master = null;
        try
        {
            await File.WriteAllTextAsync(knownHosts, $"pstorelab {host.HostKey.Public}\n", cancellation);
            var spec = new ProcessSpec(
                "ssh",
                [.. Options(host, knownHosts, limit), "-M", "-S", socket, "-N", "127.0.0.1"]
            )
            {
                StandardError = complaints,
            };
            master = runner.Start(spec);
            using var timeout = new CancellationTokenSource(limit, time);
            // The socket is there once the server has let us in.
            while (!File.Exists(socket))
            {
                if (master.Exit.IsCompleted)
                    throw new InfraException($"SSH to {host} failed: {Words(complaints, (await master.Exit).Code)}");
                if (timeout.IsCancellationRequested)
                    throw new InfraException(
                        $"SSH to {host} did not come to a login within {limit.TotalSeconds:0.#} s."
                    );
                await Task.Delay(Poll, time, cancellation);
            }

            return new OpenSshSession(runner, host, folder, socket, master, complaints);
        }
        catch
        {
            if (master is not null)
                await master.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>What the client said last, in a form for messages.</summary>
    internal static string Words(MemoryStream complaints, int exitCode)
    {
        string[] lines = System
            .Text.Encoding.UTF8.GetString(complaints.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? $"ssh ended with exit code {exitCode} and said nothing" : lines[^1];
    }

    // Nothing of the user's: no configuration, no agent, no other key, no known host.
    private static string[] Options(RemoteHost host, string knownHosts, TimeSpan limit) =>
        [
            "-F",
            "none",
            "-T",
            "-a",
            "-x",
            "-p",
            $"{host.Port}",
            "-l",
            host.User,
            "-i",
            host.ClientKey.PrivateFile,
            "-o",
            "BatchMode=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "IdentityAgent=none",
            "-o",
            "PreferredAuthentications=publickey",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            $"UserKnownHostsFile=\"{knownHosts}\"",
            "-o",
            "GlobalKnownHostsFile=/dev/null",
            "-o",
            "HostKeyAlias=pstorelab",
            "-o",
            "HostKeyAlgorithms=ssh-ed25519",
            "-o",
            "UpdateHostKeys=no",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "EscapeChar=none",
            "-o",
            $"ConnectTimeout={Math.Max(1, (int)Math.Ceiling(limit.TotalSeconds))}",
            "-o",
            "ServerAliveInterval=10",
            "-o",
            "ServerAliveCountMax=3",
        ];
}
