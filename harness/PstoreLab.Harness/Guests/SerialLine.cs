namespace PstoreLab.Harness.Guests;

/// <summary>The second serial port of a small guest.</summary>
/// <param name="logPath">Gets every frame, both ways.</param>
internal sealed class SerialLine(string logPath) : IAgentLine
{
    private readonly ChannelListener _listener = new("agent");

    public IReadOnlyList<string> Arguments => [.. _listener.Arguments, "-serial", $"chardev:{_listener.Id}"];

    public async Task<IGuestAgent> OpenAsync(CancellationToken cancellation) =>
        new AgentChannel(await _listener.AcceptAsync(cancellation), logPath);

    public void Dispose() => _listener.Dispose();
}
