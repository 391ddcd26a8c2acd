namespace PstoreLab.Harness.Guests;

/// <summary>
/// Reads a file that another process is writing, until that process ends. It looks every few milliseconds: QEMU writes
/// a console byte by byte, and a reader that is woken by each of them costs as much as the guest.
/// </summary>
internal sealed class FollowedFile : Stream
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;
    private readonly Task _ended;
    private readonly PeriodicTimer _timer = new(Pace);

    /// <param name="path">The file; deleted with this, for what it held has been read.</param>
    /// <param name="ended">Ends when nothing more is written.</param>
    public FollowedFile(string path, Task ended)
    {
        _file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0,
            FileOptions.DeleteOnClose
        );
        _ended = ended;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Asked before the read, so that what was written last is not missed.
            bool ended = _ended.IsCompleted;
            // What is there is in the page cache; an asynchronous read would only go through one more thread.
            int read = _file.Read(buffer.Span);
            if (read > 0 || ended)
                return read;
            await _timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
