using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace PstoreLab.FakeQemu;

/// <summary>QMP, as much of it as is asked for.</summary>
internal sealed class Monitor(NetworkStream stream) : IDisposable
{
    private readonly Lock _gate = new();

    public Task NegotiatedAsync => _negotiated.Task;

    /// <summary>Whether a state was loaded that this can load.</summary>
    public Task<bool> RestoredAsync => _restored.Task;

    private const string State = "the state of a fake";
    private readonly TaskCompletionSource _negotiated = new();
    private readonly TaskCompletionSource<bool> _restored = new();
    private readonly Channel<bool> _continued = Channel.CreateUnbounded<bool>();
    private volatile string _status = "running";
    private volatile bool _holdsReset;

    /// <summary>Whether the machine stands still at the guest's next reset.</summary>
    public bool HoldsReset => _holdsReset;

    /// <summary>Stands still at a reset until it is told to go on.</summary>
    public async Task HoldAsync()
    {
        Shutdown(byGuest: true, "guest-reset");
        await _continued.Reader.ReadAsync();
    }

    public async Task ServeAsync()
    {
        Send(
            """{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "fake"},"""
                + """ "capabilities": ["oob"]}}"""
        );
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            var request = JsonNode.Parse(line)!;
            switch ((string?)request["execute"])
            {
                case "qmp_capabilities":
                    Send("""{"return": {}}""");
                    _negotiated.SetResult();
                    break;
                case "query-status":
                    string running = _status == "running" ? "true" : "false";
                    Send(
                        $$$"""{"return": {"status": "{{{_status}}}", "singlestep": false, "running": {{{running}}}}}"""
                    );
                    break;
                case "set-action":
                    _holdsReset = (string?)request["arguments"]?["reboot"] == "shutdown";
                    Send("""{"return": {}}""");
                    break;
                case "system_reset":
                    Send("""{"return": {}}""");
                    // As qemu_system_reset_request() of softmmu/runstate.c.
                    if (_holdsReset)
                        Shutdown(byGuest: false, "host-qmp-system-reset");
                    else
                        Reset();
                    break;
                case "cont" when _status == "shutdown":
                    Refuse("GenericError", "Resetting the Virtual Machine is required");
                    break;
                case "cont":
                    bool wasReset = _status == "prelaunch";
                    _status = "running";
                    Send("""{"return": {}}""");
                    if (wasReset)
                        _continued.Writer.TryWrite(true);
                    _restored.TrySetResult(true);
                    break;
                case "stop":
                    _status = "paused";
                    Send("""{"return": {}}""");
                    break;
                case "migrate-set-capabilities":
                    Send("""{"return": {}}""");
                    break;
                case "query-pci":
                    Send("""{"return": [{"bus": 0, "devices": []}]}""");
                    break;
                case "migrate":
                    Send("""{"return": {}}""");
                    await RunAsync(request, State);
                    Event("MIGRATION", """{"status": "completed"}""");
                    break;
                case "migrate-incoming":
                    Send("""{"return": {}}""");
                    bool loaded = await RunAsync(request, "") == State;
                    // As the one that was saved.
                    _status = "paused";
                    Event("MIGRATION", $$"""{"status": "{{(loaded ? "completed" : "failed")}}"}""");
                    if (!loaded)
                        _restored.SetResult(false);
                    break;
                case "quit":
                    Send("""{"return": {}}""");
                    Event("SHUTDOWN", """{"guest": false, "reason": "host-qmp-quit"}""");
                    Environment.Exit(0);
                    break;
                case var other:
                    Refuse("CommandNotFound", $"The command {other} has not been found");
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

    /// <summary>Runs the command of an exec URI; returns what it prints.</summary>
    private static async Task<string> RunAsync(JsonNode request, string input)
    {
        string uri = (string)request["arguments"]!["uri"]!;
        using var shell = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", uri["exec:".Length..]])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await shell.StandardInput.WriteAsync(input);
        shell.StandardInput.Close();
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private void Shutdown(bool byGuest, string reason)
    {
        _status = "shutdown";
        Event("SHUTDOWN", $$$"""{"guest": {{{(byGuest ? "true" : "false")}}}, "reason": "{{{reason}}}"}""");
    }

    private void Reset()
    {
        Event("RESET", """{"guest": false, "reason": "host-qmp-system-reset"}""");
        if (_status == "shutdown")
            _status = "prelaunch";
    }

    private void Refuse(string kind, string words) =>
        Send($$$"""{"error": {"class": "{{{kind}}}", "desc": "{{{words}}}"}}""");

    private void Send(string line)
    {
        lock (_gate)
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\r\n"));
    }
}
