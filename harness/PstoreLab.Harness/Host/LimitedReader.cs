namespace PstoreLab.Harness.Host;

/// <summary>Reads no more of a stream than so many bytes, whatever the one who made it claims.</summary>
/// <param name="source">Disposed with this.</param>
internal sealed class LimitedReader(Stream source, long limit) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <exception cref="LimitExceededException">There is more.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        _read += read;
        return _read <= limit ? read : throw new LimitExceededException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A stream is longer than anybody wants.</summary>
internal sealed class LimitExceededException : Exception;
