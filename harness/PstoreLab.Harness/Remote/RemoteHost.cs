namespace PstoreLab.Harness.Remote;

/// <summary>
/// A guest's SSH server. It has a port and no address: guests are forwarded to 127.0.0.1, and nothing here can connect
/// to anywhere else.
/// </summary>
/// <param name="Port">TCP port on 127.0.0.1.</param>
/// <param name="User">Whom to log in as.</param>
/// <param name="ClientKey">The key that logs in.</param>
/// <param name="HostKey">The key that the server must have; any other is refused. Of it, only the public half is
/// used.</param>
public sealed record RemoteHost(int Port, string User, SshKey ClientKey, SshKey HostKey)
{
    public override string ToString() => $"{User}@127.0.0.1:{Port}";
}
