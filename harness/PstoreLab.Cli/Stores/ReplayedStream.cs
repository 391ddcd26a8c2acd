namespace PstoreLab.Cli.Stores;

/// <summary>What has been read of a stream already, and then the rest of it.</summary>
internal sealed class ReplayedStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>How much has been read.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The next bytes, as far as they have been read already.</summary>
    public ReadOnlyMemory<byte> Peek(int length) => head[..Math.Min(length, head.Length)];

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (head.Length > 0)
        {
            read = Math.Min(buffer.Length, head.Length);
            head.Span[..read].CopyTo(buffer);
            head = head[read..];
        }
        else
        {
            read = rest.Read(buffer);
        }
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
