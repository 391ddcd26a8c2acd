using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Guests;

/// <summary>The network card of a systemd guest.</summary>
/// <param name="logPath">Gets every request, and how it ended.</param>
internal sealed class SshLine(IRemoteClient client, RemoteHost host, TimeProvider time, string logPath) : IAgentLine
{
    public IReadOnlyList<string> Arguments => SystemdDevices.Network(host.Port);

    public Task<IGuestAgent> OpenAsync(CancellationToken cancellation) =>
        Task.FromResult<IGuestAgent>(new SshAgent(client, host, time, logPath));

    public void Dispose()
    {
        // Nothing is open before the agent is.
    }
}
