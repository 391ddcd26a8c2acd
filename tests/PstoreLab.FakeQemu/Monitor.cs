using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace PstoreLab.FakeQemu;

/// <summary>QMP, as much of it as is asked for.</summary>
internal sealed class Monitor(NetworkStream stream) : IDisposable
{
    private readonly Lock _gate = new();

    public Task NegotiatedAsync => _negotiated.Task;

    private readonly TaskCompletionSource _negotiated = new();

    public async Task ServeAsync()
    {
        Send(
            """{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "fake"},"""
                + """ "capabilities": ["oob"]}}"""
        );
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            switch ((string?)JsonNode.Parse(line)!["execute"])
            {
                case "qmp_capabilities":
                    Send("""{"return": {}}""");
                    _negotiated.SetResult();
                    break;
                case "query-status":
                    Send("""{"return": {"status": "running", "singlestep": false, "running": true}}""");
                    break;
                case "quit":
                    Send("""{"return": {}}""");
                    Event("SHUTDOWN", """{"guest": false, "reason": "host-qmp-quit"}""");
                    Environment.Exit(0);
                    break;
                case var other:
                    string fault = $"The command {other} has not been found";
                    Send($$$"""{"error": {"class": "CommandNotFound", "desc": "{{{fault}}}"}}""");
                    break;
            }
        }
    }

    public void Event(string name, string data) =>
        Send(
            """{"timestamp": {"seconds": 1795296241, "microseconds": 976207},"""
                + $$$""" "event": "{{{name}}}", "data": {{{data}}}}"""
        );

    public void Dispose() => stream.Dispose();

    private void Send(string line)
    {
        lock (_gate)
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\r\n"));
    }
}
