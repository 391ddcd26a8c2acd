using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Copies a guest's console to files, one per boot, line by line as it comes, and lets others wait for a text. Where
/// one boot ends and the next begins is read from the kernel's own first lines, so a busy host cannot put a line into
/// the wrong boot. A capture kernel (crash kernel) begins no boot: its lines belong to that of the kernel that died,
/// and go to a file of its own.
/// </summary>
internal sealed class ConsoleLog : IAsyncDisposable
{
    private readonly Stream _source;
    private readonly Func<BootNumber, bool, string> _pathOf;
    private readonly Action<BootNumber, string> _onLine;
    private readonly Action<BootNumber, string> _onFault;
    private readonly ConsoleWaiters _waiters;
    private readonly Task _copying;
    private ConsoleFile _file;

    /// <param name="source">The guest's console; ends when QEMU does. Disposed with this.</param>
    /// <param name="architecture">Of its kernels.</param>
    /// <param name="firstBoot">Number of the first boot.</param>
    /// <param name="pathOf">Where the console of a boot goes, or of its capture kernel.</param>
    /// <param name="onLine">Called with the boot and every line of it that is not empty.</param>
    /// <param name="onFault">Called with the boot and the reason when its console cannot be kept whole; the rest of it
    /// is thrown away.</param>
    public ConsoleLog(
        Stream source,
        IArchitecture architecture,
        BootNumber firstBoot,
        Func<BootNumber, bool, string> pathOf,
        Action<BootNumber, string> onLine,
        Action<BootNumber, string> onFault
    )
    {
        _source = source;
        _pathOf = pathOf;
        _onLine = onLine;
        _onFault = onFault;
        _waiters = new ConsoleWaiters(firstBoot);
        Boot = firstBoot;
        _file = Open(firstBoot, captureKernel: false);
        _copying = CopyAsync(architecture);
    }

    /// <summary>The boot whose lines come now.</summary>
    public BootNumber Boot { get; private set; }

    /// <summary>The last line that is not empty, for messages.</summary>
    public string LastLine { get; private set; } = "";

    /// <summary>
    /// Ends once so many of the lines that come from now on hold the text, and so many more have come behind the last.
    /// </summary>
    public Task WaitForAsync(string text, CancellationToken cancellation, int times = 1, int more = 0) =>
        _waiters.WaitForAsync(text, times, more, cancellation);

    /// <summary>Ends when a kernel begins after the one of that boot.</summary>
    public Task NextBootAsync(BootNumber boot, CancellationToken cancellation) =>
        _waiters.NextBootAsync(boot, cancellation);

    /// <summary>Ends when QEMU has closed its side and every line was taken.</summary>
    public Task EndedAsync(CancellationToken cancellation) => _copying.WaitAsync(cancellation);

    /// <summary>Waits until QEMU has closed its side and every byte is in its file, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _copying;
        await _source.DisposeAsync();
        _file.Dispose();
    }

    private ConsoleFile Open(BootNumber boot, bool captureKernel) =>
        new(_pathOf(boot, captureKernel), fault => _onFault(boot, fault));

    private async Task CopyAsync(IArchitecture architecture)
    {
        var lines = new ConsoleLines(architecture, Take);
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await ReadAsync(buffer)) > 0)
        {
            lines.Take(buffer.AsSpan(0, read));
            _file.Flush();
        }

        lines.End();
        _file.Flush();
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

    private void Take(ConsoleLine line)
    {
        if (line.Begins is { } kernel)
            Begin(kernel);
        _file.Write(line.Bytes.Span);
        if (line.Text.Length == 0)
            return;
        LastLine = line.Text;
        _waiters.Take(line.Text);
        _onLine(Boot, line.Text);
    }

    private void Begin(KernelKind kernel)
    {
        _file.Dispose();
        if (kernel == KernelKind.NextBoot)
            Boot = new BootNumber(Boot.Value + 1);
        _file = Open(Boot, captureKernel: kernel == KernelKind.CaptureKernel);
        _waiters.Begin(Boot);
    }
}
