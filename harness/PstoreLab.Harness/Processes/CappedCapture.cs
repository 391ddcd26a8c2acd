using System.Text;

namespace PstoreLab.Harness.Processes;

/// <summary>
/// Keeps the first bytes written to it and counts the rest, so that a child that never stops printing cannot eat our
/// memory.
/// </summary>
/// <param name="limit">How many bytes to keep.</param>
/// <param name="forward">Receives everything as well, not cut; not disposed.</param>
/// <param name="onDropped">Called, once, when something was not kept.</param>
internal sealed class CappedCapture(int limit, Stream? forward = null, Action? onDropped = null) : Stream
{
    private readonly MemoryStream _kept = new();
    private long _dropped;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _kept.Length + _dropped;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether something was not kept.</summary>
    public bool IsCut => _dropped > 0;

    /// <summary>What was kept.</summary>
    public byte[] ToArray() => _kept.ToArray();

    public string Text()
    {
        var text = Encoding.UTF8.GetString(_kept.GetBuffer(), 0, (int)_kept.Length);
        return _dropped == 0 ? text : $"{text}\n[{_dropped} more bytes not kept]\n";
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Keep(buffer);
        forward?.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        Keep(buffer.Span);
        if (forward is not null)
            await forward.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => forward?.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        forward?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> buffer)
    {
        var room = (int)Math.Min(buffer.Length, limit - _kept.Length);
        _kept.Write(buffer[..room]);
        bool cuts = _dropped == 0 && room < buffer.Length;
        _dropped += buffer.Length - room;
        if (cuts)
            onDropped?.Invoke();
    }
}
