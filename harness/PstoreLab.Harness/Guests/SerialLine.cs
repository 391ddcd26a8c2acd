using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Guests;

/// <summary>The port of its machine that an initramfs guest keeps for the agent.</summary>
/// <param name="logPath">Gets every frame, both ways.</param>
/// <param name="heard">What a restored guest had said before.</param>
internal sealed class SerialLine(IMachine machine, string logPath, byte[]? heard = null) : IAgentLine
{
    private readonly ChannelListener _listener = new("agent");

    public IReadOnlyList<string> Arguments => [.. _listener.Arguments, .. machine.AgentPort(_listener.Id)];

    public async Task<IGuestAgent> OpenAsync(CancellationToken cancellation) =>
        new AgentChannel(await _listener.AcceptAsync(cancellation), logPath, heard);

    public void Dispose() => _listener.Dispose();
}
