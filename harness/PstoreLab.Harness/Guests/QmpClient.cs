using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// The QEMU machine protocol (docs/interop/qmp-spec in QEMU's sources): JSON lines, replies in order, events in
/// between.
/// </summary>
internal sealed class QmpClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Stream _log;
    private readonly Channel<JsonObject> _replies = Channel.CreateUnbounded<JsonObject>();
    private readonly Action<string, JsonNode?> _onEvent;
    private readonly Task _reading;

    /// <param name="stream">A connection whose other end is QEMU's monitor. Disposed with this.</param>
    /// <param name="log">Gets every message, both ways. Disposed with this.</param>
    /// <param name="onEvent">Called with the name and the data of every event, in order.</param>
    public QmpClient(Stream stream, Stream log, Action<string, JsonNode?> onEvent)
    {
        _stream = stream;
        _log = log;
        _onEvent = onEvent;
        _reading = ReadAsync();
    }

    /// <summary>Leaves negotiation mode; no event comes before.</summary>
    public Task NegotiateAsync(CancellationToken cancellation) => ExecuteAsync("qmp_capabilities", null, cancellation);

    /// <exception cref="InfraException">QEMU refused the command, or ended.</exception>
    public async Task<JsonNode?> ExecuteAsync(string command, JsonObject? arguments, CancellationToken cancellation)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
            request["arguments"] = arguments;
        byte[] line = Encoding.UTF8.GetBytes(request.ToJsonString() + "\n");
        try
        {
            await _stream.WriteAsync(line, cancellation);
            var reply = await _replies.Reader.ReadAsync(cancellation);
            if (reply["error"] is { } error)
                throw new InfraException($"QEMU refused {command}: {error["desc"]}");
            return reply["return"];
        }
        catch (Exception e) when (e is IOException or ChannelClosedException)
        {
            throw new InfraException($"QEMU ended while it was asked to {command}", e);
        }
    }

    /// <summary>Ends when QEMU has closed the connection and every event was passed on.</summary>
    public Task EndedAsync(CancellationToken cancellation) => _reading.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _reading;
        await _log.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_stream, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                await _log.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
                if (JsonNode.Parse(line) is not JsonObject message)
                    continue;
                if (message["event"] is { } name)
                    _onEvent(name.GetValue<string>(), message["data"]);
                else if (message.ContainsKey("return") || message.ContainsKey("error"))
                    _replies.Writer.TryWrite(message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or JsonException)
        {
            // QEMU ended, by itself or by us: whoever waits for a reply gets an error.
        }
        finally
        {
            _replies.Writer.TryComplete();
        }
    }
}
