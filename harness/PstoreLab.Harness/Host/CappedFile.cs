using System.Text;

namespace PstoreLab.Harness.Host;

/// <summary>
/// A log file that keeps the first bytes written to it, and behind them how many more there were: what it is a log of
/// may never stop. A full disk costs the rest of the log and nothing else.
/// </summary>
/// <param name="limit">How many bytes to keep.</param>
internal sealed class CappedFile(string path, long limit) : Stream
{
    // Without a buffer, so that a full disk is found where the bytes are written.
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private long _kept;
    private long _dropped;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _kept + _dropped;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int room = _dropped > 0 ? 0 : (int)Math.Min(buffer.Length, limit - _kept);
        if (room > 0 && !Keeps(buffer[..room]))
            room = 0;
        _kept += room;
        _dropped += buffer.Length - room;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_dropped > 0)
                Keeps(Encoding.ASCII.GetBytes($"\n[{_dropped} more bytes not kept]\n"));
            _dropped = 0;
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Keeps(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
