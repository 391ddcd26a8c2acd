using System.Text;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Copies a guest's console to files, one per boot, line by line as it comes, and lets others wait for a text. Where one boot ends and the next
/// begins is told by the kernel's own first lines, so a busy host cannot put a line into the wrong boot. A crash kernel begins no boot: what it
/// says belongs to that of the kernel that died, and goes to a file of its own.
/// </summary>
internal sealed class ConsoleLog : IAsyncDisposable
{
    /// <summary>A boot with a panic prints some 40 KB; a guest that prints this much is in a loop.</summary>
    public const long FloodLimit = 32 << 20;

    private const string KernelsFirstWords = "[    0.000000] Linux version ";

    // Behind them comes "Command line: ", in which kexec_file_load(2) and kexec-tools tell a crash kernel, and no other, where the dump's headers are
    // (arch/x86/kernel/kexec-bzimage64.c, 5.10 to 7.2).
    private const string OfCrashKernel = " elfcorehdr=";
    private const string CommandLine = " Command line: ";

    // A line that never ends must not eat memory either.
    private const int LineLimit = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Stream _source;
    private readonly Func<int, bool, string> _pathOf;
    private readonly Action<int, string> _onLine;
    private readonly Action<int, string> _onFault;
    private readonly List<Waiter> _waiters = [];
    private readonly List<(int After, TaskCompletionSource Begun)> _boots = [];
    private readonly MemoryStream _line = new();
    private readonly Task _copying;
    private FileStream _file;
    private bool _kernelSeen;
    private byte[]? _firstLine;
    private long _written;

    /// <param name="source">The guest's ttyS0; ends when QEMU does. Disposed with this.</param>
    /// <param name="firstBoot">Number of the first boot.</param>
    /// <param name="pathOf">Where the console of a boot goes, or of its crash kernel.</param>
    /// <param name="onLine">Called with the boot and every line of it that is not empty.</param>
    /// <param name="onFault">Called with the boot and the reason when its console cannot be kept whole; the rest of it is thrown away.</param>
    public ConsoleLog(Stream source, int firstBoot, Func<int, bool, string> pathOf, Action<int, string> onLine, Action<int, string> onFault)
    {
        _source = source;
        _pathOf = pathOf;
        _onLine = onLine;
        _onFault = onFault;
        Boot = firstBoot;
        _file = Open(firstBoot, crashKernel: false);
        _copying = CopyAsync();
    }

    /// <summary>The boot whose lines come now.</summary>
    public int Boot { get; private set; }

    /// <summary>The newest line that is not empty, for messages.</summary>
    public string LastLine { get; private set; } = "";

    /// <summary>Ends once a line that comes from now on holds the text, and so many more have come behind it.</summary>
    public Task WaitForAsync(string text, CancellationToken cancellation, int more = 0)
    {
        var waiter = new Waiter(text, more);
        lock (_gate)
            _waiters.Add(waiter);
        return waiter.Seen.Task.WaitAsync(cancellation);
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

    private FileStream Open(int boot, bool crashKernel) => new(_pathOf(boot, crashKernel), FileMode.Create, FileAccess.Write, FileShare.Read);

    private async Task CopyAsync()
    {
        var buffer = new byte[16 << 10];
        for (int read; (read = await ReadAsync(buffer)) > 0;)
            Take(buffer.AsSpan(0, read));
        EndLine();
        BeginKernel("");
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

        if (kernel >= 0 && _kernelSeen && _firstLine is null)
        {
            // Whose file it belongs in, the next line tells.
            _firstLine = _line.ToArray();
            _line.SetLength(0);
            return;
        }

        BeginKernel(line);
        _kernelSeen |= kernel >= 0;
        Keep();
        Tell(line);
    }

    private void Tell(string line)
    {
        if (line.Length == 0)
            return;
        LastLine = line;
        lock (_gate)
        {
            foreach (var waiter in _waiters)
                waiter.Take(line);
            _waiters.RemoveAll(waiter => waiter.Seen.Task.IsCompleted);
        }

        _onLine(Boot, line);
    }

    /// <summary>Has the kernel whose first line is kept back begin, now that it is known which it is.</summary>
    /// <param name="second">The line behind that.</param>
    private void BeginKernel(string second)
    {
        if (_firstLine is not { } first)
            return;
        _firstLine = null;
        bool crashKernel = second.Contains(CommandLine, StringComparison.Ordinal) && second.Contains(OfCrashKernel, StringComparison.Ordinal);
        _file.Dispose();
        _written = 0;
        lock (_gate)
        {
            _file = Open(crashKernel ? Boot : ++Boot, crashKernel);
            foreach (var (_, begun) in _boots.Where(waiter => Boot > waiter.After))
                begun.TrySetResult();
            _boots.RemoveAll(waiter => waiter.Begun.Task.IsCompleted);
        }

        byte[] held = _line.ToArray();
        _line.SetLength(0);
        _line.Write(first);
        Keep();
        Tell(Encoding.Latin1.GetString(first).TrimEnd('\r', '\n'));
        _line.Write(held);
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

    private sealed class Waiter(string text, int more)
    {
        private int _left = more + 1;
        private bool _seen;

        public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Take(string line)
        {
            _seen |= line.Contains(text, StringComparison.Ordinal);
            if (_seen && --_left == 0)
                Seen.TrySetResult();
        }
    }
}
