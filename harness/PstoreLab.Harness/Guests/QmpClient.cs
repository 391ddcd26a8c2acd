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
    /// <summary>The longest message, in bytes; the registers of a processor are 2 KB.</summary>
    private const int LongestMessage = 4 << 20;

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
        catch (ChannelClosedException e) when (e.InnerException is InfraException)
        {
            throw new InfraException(e.InnerException.Message, e);
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
        InfraException? fault = null;
        var lines = new LimitedLines(
            LongestMessage,
            Take,
            () => fault = new InfraException($"QEMU sent a message of more than {LongestMessage >> 20} MiB over QMP")
        );
        var buffer = new byte[16 << 10];
        try
        {
            int read;
            while (fault is null && (read = await _stream.ReadAsync(buffer)) > 0)
            {
                await _log.WriteAsync(buffer.AsMemory(0, read));
                lines.Take(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or JsonException)
        {
            // QEMU ended, by itself or by us: whoever waits for a reply gets an error.
        }
        finally
        {
            _replies.Writer.TryComplete(fault);
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (JsonNode.Parse(line) is not JsonObject message)
            return;
        if (message["event"] is { } name)
            _onEvent(name.GetValue<string>(), message["data"]);
        else if (message.ContainsKey("return") || message.ContainsKey("error"))
            _replies.Writer.TryWrite(message);
    }
}
