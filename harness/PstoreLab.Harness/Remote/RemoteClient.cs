using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Remote;

/// <summary>The SSH clients this build has.</summary>
public static class RemoteClient
{
    /// <summary>Best first. One element where SSH.NET could not be restored when this was built.</summary>
    public static IReadOnlyList<IRemoteClient> Available(IProcessRunner runner, TimeProvider time) =>
        [
#if HAVE_SSHNET
            new SshNetClient(),
#endif
            new OpenSshClient(runner, time)];
}
