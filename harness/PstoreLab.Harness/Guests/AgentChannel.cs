using System.Text;
using System.Threading.Channels;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>The agent of the initramfs guest: requests and answers over its port.</summary>
internal sealed class AgentChannel : IGuestAgent
{
    /// <summary>The longest frame accepted, in characters; every record of the largest store fits many times.</summary>
    private const int FrameLimit = 64 << 20;

    private readonly Stream _stream;
    private readonly FileStream _log;
    private readonly Channel<AgentFrame> _answers = Channel.CreateUnbounded<AgentFrame>();
    private readonly Channel<AgentFrame> _ready = Channel.CreateUnbounded<AgentFrame>();
    private readonly Task _reading;
    private int _id;

    /// <param name="stream">The guest's port. Disposed with this.</param>
    /// <param name="logPath">Gets every frame, both ways.</param>
    public AgentChannel(Stream stream, string logPath)
    {
        _stream = stream;
        _log = new FileStream(logPath, FileMode.Create, FileAccess.Write, FileShare.Read);
        _reading = ReadAsync();
    }

    /// <summary>Waits for an agent that has just come up; its payload is <c>release=…</c>.</summary>
    public async Task<string> ReadyAsync(CancellationToken cancellation)
    {
        var frame = await _ready.Reader.ReadAsync(cancellation);
        return frame.Text.Replace("release=", "", StringComparison.Ordinal);
    }

    public Task SendAsync(AgentRequest request, CancellationToken cancellation) =>
        WriteAsync(++_id, request, cancellation);

    /// <summary>Sends a request and waits for the answer's payload. A frame that came garbled is sent again.</summary>
    /// <exception cref="GuestFaultException">The guest could not do it; the message has its words.</exception>
    public async Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation)
    {
        int id = ++_id;
        await WriteAsync(id, request, cancellation);
        while (true)
        {
            var answer = await _answers.Reader.ReadAsync(cancellation);
            if (answer.Id == id && answer.Kind == "ok")
                return answer.Payload;
            if (answer.Id == id && answer.Kind == "failed")
                throw new GuestFaultException(
                    GuestFaultKind.Refused,
                    $"the guest could not `{request}`: {RecordText.ForDisplay(answer.Text)}"
                );
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
        var line = new StringBuilder();
        var buffer = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await _stream.ReadAsync(buffer)) > 0)
            {
                lock (_log)
                    _log.Write(buffer, 0, read);
                for (int i = 0; i < read; i++)
                {
                    if (buffer[i] == '\n')
                        Take(line);
                    else if (line.Length < FrameLimit)
                        line.Append((char)buffer[i]);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The guest is gone.
        }
    }

    private void Take(StringBuilder line)
    {
        // A frame that does not parse was damaged on the way to us. Asking again is safe: the agent answers a known id
        // from memory.
        var frame = AgentFrame.Parse(line.ToString()) ?? new AgentFrame(0, "garbled", []);
        line.Clear();
        (frame.Kind == "ready" ? _ready : _answers).Writer.TryWrite(frame);
    }
}
