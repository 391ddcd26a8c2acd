using System.Text;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Copies a guest's console to files, one per boot, line by line as it comes, and lets others wait for a text. Where one boot ends and the next
/// begins is told by the kernel's own first line, so a busy host cannot put a line into the wrong boot.
/// </summary>
internal sealed class ConsoleLog : IAsyncDisposable
{
    /// <summary>A boot with a panic prints some 40 KB; a guest that prints this much is in a loop.</summary>
    public const long FloodLimit = 32 << 20;

    private const string KernelsFirstWords = "[    0.000000] Linux version ";

    // A line that never ends must not eat memory either.
    private const int LineLimit = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Stream _source;
    private readonly Func<int, string> _pathOfBoot;
    private readonly Action<int, string> _onLine;
    private readonly Action<int, string> _onFault;
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiters = [];
    private readonly List<(int After, TaskCompletionSource Begun)> _boots = [];
    private readonly MemoryStream _line = new();
    private readonly Task _copying;
    private FileStream _file;
    private bool _kernelSeen;
    private long _written;

    /// <param name="source">The guest's ttyS0; ends when QEMU does. Disposed with this.</param>
    /// <param name="firstBoot">Number of the first boot.</param>
    /// <param name="pathOfBoot">Where the console of a boot goes.</param>
    /// <param name="onLine">Called with the boot and every line of it that is not empty.</param>
    /// <param name="onFault">Called with the boot and the reason when its console cannot be kept whole; the rest of it is thrown away.</param>
    public ConsoleLog(Stream source, int firstBoot, Func<int, string> pathOfBoot, Action<int, string> onLine, Action<int, string> onFault)
    {
        _source = source;
        _pathOfBoot = pathOfBoot;
        _onLine = onLine;
        _onFault = onFault;
        Boot = firstBoot;
        _file = Open(firstBoot);
        _copying = CopyAsync();
    }

    /// <summary>The boot whose lines come now.</summary>
    public int Boot { get; private set; }

    /// <summary>The newest line that is not empty, for messages.</summary>
    public string LastLine { get; private set; } = "";

    /// <summary>Ends once a line that comes from now on holds the text.</summary>
    public Task WaitForAsync(string text, CancellationToken cancellation)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waiters.Add((text, seen));
        return seen.Task.WaitAsync(cancellation);
    }

    /// <summary>Ends when a kernel begins after the one of that boot.</summary>
    public Task NextBootAsync(int boot, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (Boot > boot)
                return Task.CompletedTask;
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _boots.Add((boot, begun));
            return begun.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Ends when QEMU has closed its side and every line was taken.</summary>
    public Task EndedAsync(CancellationToken cancellation) => _copying.WaitAsync(cancellation);

    /// <summary>Waits until QEMU has closed its side and every byte is in its file, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _copying;
        await _source.DisposeAsync();
        await _file.DisposeAsync();
    }

    private FileStream Open(int boot) => new(_pathOfBoot(boot), FileMode.Create, FileAccess.Write, FileShare.Read);

    private async Task CopyAsync()
    {
        var buffer = new byte[16 << 10];
        for (int read; (read = await ReadAsync(buffer)) > 0;)
            Take(buffer.AsSpan(0, read));
        EndLine();
        Flush();
    }

    private async Task<int> ReadAsync(byte[] buffer)
    {
        try
        {
            return await _source.ReadAsync(buffer);
        }
        catch (IOException)
        {
            // QEMU was killed: what it sent before has been taken.
            return 0;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _line.WriteByte(value);
            if (value == (byte)'\n' || _line.Length >= LineLimit)
                EndLine();
        }

        Flush();
    }

    private void EndLine()
    {
        string line = Encoding.Latin1.GetString(_line.GetBuffer(), 0, (int)_line.Length).TrimEnd('\r', '\n');
        int kernel = line.IndexOf(KernelsFirstWords, StringComparison.Ordinal);
        if (kernel > 0)
        {
            // The boot before, or the firmware, left its last line open.
            byte[] rest = _line.GetBuffer()[kernel..(int)_line.Length];
            _line.SetLength(kernel);
            EndLine();
            _line.Write(rest);
            line = line[kernel..];
        }

        if (kernel >= 0)
            BeginKernel();
        Keep();
        if (line.Length == 0)
            return;
        LastLine = line;
        lock (_gate)
        {
            foreach (var (_, seen) in _waiters.Where(waiter => line.Contains(waiter.Text, StringComparison.Ordinal)))
                seen.TrySetResult();
            _waiters.RemoveAll(waiter => waiter.Seen.Task.IsCompleted);
        }

        _onLine(Boot, line);
    }

    private void BeginKernel()
    {
        if (_kernelSeen)
        {
            _file.Dispose();
            _written = 0;
            lock (_gate)
            {
                _file = Open(++Boot);
                foreach (var (_, begun) in _boots.Where(waiter => Boot > waiter.After))
                    begun.TrySetResult();
                _boots.RemoveAll(waiter => waiter.Begun.Task.IsCompleted);
            }
        }

        _kernelSeen = true;
    }

    private void Keep()
    {
        if (_written < FloodLimit)
        {
            Write(() => _line.WriteTo(_file));
            _written += _line.Length;
            if (_written >= FloodLimit)
                _onFault(Boot, $"the console printed more than {FloodLimit >> 20} MiB");
        }

        _line.SetLength(0);
    }

    private void Flush() => Write(_file.Flush);

    // A console with a hole would make the kernel look guilty of what the disk did.
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            _written = FloodLimit;
            _onFault(Boot, $"the console cannot be kept: {e.Message}");
        }
    }
}
