using System.Text;
using System.Threading.Channels;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>The agent of the initramfs guest: requests and answers over its port.</summary>
internal sealed class AgentChannel : IGuestAgent
{
    /// <summary>How much of all its frames is logged, in bytes.</summary>
    private const int LongestLog = 2 * IGuestAgent.LongestAnswer;

    /// <summary>How many frames that nobody asked for are kept.</summary>
    private const int MostUnread = 16;

    private static readonly AgentFrame Garbled = new(0, "garbled", []);
    private static readonly AgentFrame Endless = new(0, "endless", []);

    private readonly Stream _stream;
    private readonly CappedFile _log;
    private readonly Channel<AgentFrame> _answers = NewChannel();
    private readonly Channel<AgentFrame> _ready = NewChannel();
    private readonly Task _reading;
    private int _id;

    /// <param name="stream">The guest's port. Disposed with this.</param>
    /// <param name="logPath">Gets every frame, both ways.</param>
    /// <param name="heard">What a restored guest had said before.</param>
    public AgentChannel(Stream stream, string logPath, ReadOnlyMemory<byte> heard = default)
    {
        _stream = stream;
        _log = new CappedFile(logPath, LongestLog);
        _log.Write(heard.Span);
        new LimitedLines(IGuestAgent.LongestAnswer, Take, () => { }).Take(heard.Span);
        _reading = ReadAsync();
    }

    public async Task<string> ReadyAsync(CancellationToken cancellation) =>
        (await _ready.Reader.ReadAsync(cancellation)).Text;

    public Task SendAsync(AgentRequest request, CancellationToken cancellation) =>
        WriteAsync(++_id, request, cancellation);

    // The guest keeps its port open, and goes on to read from it when it is restored.
    public Task LeaveAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Sends a request and waits for the answer's payload. A frame that came garbled is sent again.</summary>
    /// <exception cref="GuestFaultException">The guest could not do it; the message has its words.</exception>
    public async Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation)
    {
        int id = ++_id;
        // What came before it is no answer to it: firmware leaves a line of its own there.
        while (_answers.Reader.TryRead(out _)) { }
        await WriteAsync(id, request, cancellation);
        while (true)
        {
            var answer = await _answers.Reader.ReadAsync(cancellation);
            if (answer.Id == id && answer.Kind == "ok")
                return answer.Payload;
            if (answer.Id == id && answer.Kind == "failed")
            {
                var (part, reason) = request.Failure(answer.Text);
                throw new GuestFaultException(
                    GuestFaultKind.Refused,
                    $"the guest could not `{part}`: {RecordText.ForDisplay(reason)}"
                );
            }
            if (answer == Endless)
                throw IGuestAgent.Endless(request);
            if (answer.Kind is "garbled")
                await WriteAsync(id, request, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _reading;
        await _log.DisposeAsync();
    }

    private async Task WriteAsync(int id, AgentRequest request, CancellationToken cancellation)
    {
        byte[] line = Encoding.Latin1.GetBytes(AgentFrame.Request(id, request.Words));
        lock (_log)
            _log.Write(line);
        try
        {
            await _stream.WriteAsync(line, cancellation);
        }
        catch (IOException)
        {
            // The guest is gone.
        }
    }

    private async Task ReadAsync()
    {
        var lines = new LimitedLines(IGuestAgent.LongestAnswer, Take, () => _answers.Writer.TryWrite(Endless));
        var buffer = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await _stream.ReadAsync(buffer)) > 0)
            {
                lock (_log)
                    _log.Write(buffer, 0, read);
                lines.Take(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The guest is gone.
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        // A frame that does not parse was damaged on the way to us. Asking again is safe: the agent answers a known id
        // from memory.
        var frame = AgentFrame.Parse(Encoding.Latin1.GetString(line)) ?? Garbled;
        (frame.Kind == "ready" ? _ready : _answers).Writer.TryWrite(frame);
    }

    // One behind the other, and what nobody has read is of no use any more.
    private static Channel<AgentFrame> NewChannel() =>
        Channel.CreateBounded<AgentFrame>(
            new BoundedChannelOptions(MostUnread) { FullMode = BoundedChannelFullMode.DropOldest }
        );
}
