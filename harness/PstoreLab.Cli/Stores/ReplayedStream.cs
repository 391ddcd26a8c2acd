namespace PstoreLab.Cli.Stores;

/// <summary>What has been read of a stream already, and then the rest of it.</summary>
internal sealed class ReplayedStream(ReadOnlyMemory<byte> head, Stream rest) : ForwardStream
{
    private long _position;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
