using System.Text;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The terminal that this program runs in, at the console of a guest: what that prints is shown as it comes, and from
/// the moment there is a shell every key goes there but Ctrl-]. Where input comes through a pipe it is typed.
/// </summary>
/// <param name="started">Called when the QEMU of a boot has started.</param>
/// <param name="ready">Called before keys are taken.</param>
internal sealed class GuestTerminal(Action<BootNumber> started, Action ready) : IConsoleUser, IDisposable
{
    /// <summary>Ctrl-], as telnet and virsh console have it.</summary>
    private const byte Leave = 0x1d;

    /// <summary>The end of what is typed through a pipe. A shell that edits its lines has no other.</summary>
    private static readonly byte[] End = "\rexit\r"u8.ToArray();

    private readonly GuestScreen _screen = new();
    private readonly Stream _output = Terminal.Screen();
    private readonly Lock _gate = new();
    private RawTerminal? _raw;

    // A serial line has no size, and a shell asks for one.
    public string Preparation =>
        $"stty rows {Terminal.Rows} cols {Terminal.Columns}; "
        + $"export TERM={ShellWords.Quote(Terminal.Kind)} PS1='guest:\\w# ' HOME=\"${{HOME:-/}}\"; ";

    public void Started(BootNumber boot) => started(boot);

    public void Show(ReadOnlySpan<byte> bytes)
    {
        byte[] shown = _screen.Show(bytes);
        lock (_gate)
        {
            _output.Write(shown);
            _output.Flush();
        }
    }

    public async Task UseAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> type, CancellationToken cancellation)
    {
        ready();
        _raw = RawTerminal.TryMake();
        // A read of a terminal cannot be cancelled; the thread that waits in it ends with the program.
        var input = Terminal.Keys();
        byte[] keys = new byte[256];
        while (true)
        {
            int read = await Task.Run(() => input.Read(keys, 0, keys.Length), CancellationToken.None)
                .WaitAsync(cancellation);
            int leave = _raw is null ? -1 : Array.IndexOf(keys, Leave, 0, read);
            await type(keys.AsMemory(0, leave < 0 ? read : leave), cancellation);
            if (leave >= 0)
                return;
            if (read > 0)
                continue;
            // The shell that reads it ends, and with it the session.
            await type(End, cancellation);
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_raw is not null)
                _output.Write(Encoding.ASCII.GetBytes(_screen.Reset));
            _raw?.Dispose();
            _output.Dispose();
        }
    }
}
