using System.Runtime.InteropServices;

namespace PstoreLab.Harness.Host;

/// <summary>
/// The terminal of standard input, handing over each key as it is pressed, Ctrl-C too, until this is disposed, or the
/// process ends in a way that it can see.
/// </summary>
public sealed partial class RawTerminal : IDisposable
{
    private const int Input = 0;
    private const int Now = 0;

    /// <summary>More than struct termios has on any architecture (60 bytes on most).</summary>
    private const int StatusSize = 256;

    private readonly byte[] _before;
    private readonly PosixSignalRegistration[] _signals;
    private int _restored;

    private RawTerminal(byte[] before)
    {
        _before = before;
        // What ends a process by default: the terminal first, then that.
        _signals =
        [
            .. new[] { PosixSignal.SIGHUP, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(
                signal => PosixSignalRegistration.Create(signal, _ => Restore())
            ),
        ];
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;
        byte[] raw = [.. before];
        MakeRaw(raw);
        _ = Set(Input, Now, raw);
    }

    /// <summary>Makes it raw; null where standard input is no terminal.</summary>
    public static RawTerminal? TryMake()
    {
        byte[] status = new byte[StatusSize];
        return Get(Input, status) == 0 ? new RawTerminal(status) : null;
    }

    public void Dispose()
    {
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        foreach (var signal in _signals)
            signal.Dispose();
    }

    private void OnExit(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        if (Interlocked.Exchange(ref _restored, 1) == 0)
            _ = Set(Input, Now, _before);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int Get(int file, [Out] byte[] status);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int Set(int file, int when, byte[] status);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] status);
}
