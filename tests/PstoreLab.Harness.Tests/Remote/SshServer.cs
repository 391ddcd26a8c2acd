using System.Net;
using System.Net.Sockets;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Remote;

/// <summary>A real sshd on a free port of 127.0.0.1, with keys of its own, that lets in one key.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private readonly ScratchFolder _scratch = new();
    private IRunningProcess? _sshd;

    public RemoteHost Host { get; private set; } = null!;

    public string Folder => _scratch.Path;

    /// <summary>Makes the keys and finds a port, where nobody listens before <see cref="Start"/>.</summary>
    public static async Task<SshServer> PrepareAsync()
    {
        if (HostProgram.Find("sshd") is null)
            Assert.Ignore("no sshd on this machine (on Debian and Ubuntu: apt install openssh-server)");
        var server = new SshServer();
        server.Host = new RemoteHost(
            FreePort(),
            Environment.UserName,
            await server.KeyAsync("client"),
            await server.KeyAsync("host")
        );
        return server;
    }

    public Task<SshKey> KeyAsync(string name) =>
        SshKey.CreateAsync(new ProcessRunner(), Path.Combine(Folder, name), CancellationToken.None);

    public void Start()
    {
        // Debian's sshd will not start as root without it; otherwise systemd makes it.
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");
        var keys = _scratch.Write("authorized_keys", Host.ClientKey.Public + "\n");
        var config = _scratch.Write(
            "sshd_config",
            $"""
            ListenAddress 127.0.0.1
            Port {Host.Port}
            HostKey {Host.HostKey.PrivateFile}
            AuthorizedKeysFile {keys}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PidFile none
            LogLevel VERBOSE

            """
        );
        _sshd = new ProcessRunner().Start(
            new ProcessSpec(HostProgram.Find("sshd")!, "-D", "-E", LogPath, "-f", config)
        );
    }

    /// <summary>How often the server has logged a line with this in it.</summary>
    public int Logged(string text) =>
        File.Exists(LogPath) ? File.ReadLines(LogPath).Count(line => line.Contains(text)) : 0;

    private string LogPath => Path.Combine(Folder, "sshd.log");

    public async ValueTask DisposeAsync()
    {
        if (_sshd is not null)
            await _sshd.DisposeAsync();
        _scratch.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
