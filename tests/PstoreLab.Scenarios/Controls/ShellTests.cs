using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios.Controls;

/// <summary>A guest from inside, as somebody at a terminal has it.</summary>
[Category("Quick")]
[NonParallelizable]
[CancelAfter(120_000)]
public sealed class ShellTests
{
    private const string Case = "cycle/record-whole/erst-cold-debian-6.1";

    private static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab");

    [Test]
    public async Task A_guest_that_is_crashed_in_its_shell_shows_the_record_there(CancellationToken cancellation)
    {
        var folder = await Fixture.FolderAsync();
        string line = ShellWords.Join([Program, "shell", Case, "--out", folder.Root]);
        var keys = new Pipe();
        await using var screen = new Screen();
        // script(1) makes a terminal. What it says of itself must be the same before and behind.
        await using var session = new ProcessRunner().Start(
            new ProcessSpec("script", "-qefc", $"stty -g; {line}; code=$?; stty -g; exit $code", "/dev/null")
            {
                StandardInput = keys.Reader.AsStream(),
                StandardOutput = screen,
            }
        );

        await screen.ShowsAsync("guest:/# ", cancellation);
        await TypeAsync("echo c >/proc/sysrq-trigger\r");
        await screen.ShowsAsync("the guest has booted again", cancellation);
        await screen.ShowsAsync("guest:/# ", cancellation);
        await TypeAsync("cat /sys/fs/pstore/dmesg-erst-* | grep -c 'sysrq triggered crash'; echo end-$((6 * 7))\r");
        string shown = await screen.ShowsAsync("end-42", cancellation);
        Assert.That(shown, Does.Contain("\n1\r\n"), "the reason of the panic");
        await TypeAsync("\x1d");

        var exit = await session.Exit.WaitAsync(cancellation);
        Assert.That((exit.Code, Guests.Of(folder.Root)), Is.EqualTo((0, Array.Empty<int>())), screen.All);
        string[] lines = screen.All.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[^1], Is.EqualTo(lines[0]).And.Contains(":"), "the terminal is as it was");

        async Task TypeAsync(string words) =>
            await keys.Writer.WriteAsync(Encoding.ASCII.GetBytes(words), cancellation);
    }

    [Test]
    public async Task A_guest_waits_for_a_debugger_before_its_first_instruction(CancellationToken cancellation)
    {
        var folder = await Fixture.FolderAsync();
        await using var said = new Screen();
        await using var session = new ProcessRunner().Start(
            new ProcessSpec(Program, "shell", Case, "--gdb", "--out", folder.Root) { StandardError = said }
        );

        await said.ShowsAsync("-ex continue", cancellation);
        string place = Directory.EnumerateDirectories(folder.Root).Single();
        using var stub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // A socket's name may not be as long as a path.
        string link = Path.Combine(Path.GetTempPath(), $"pstorelab-{Guid.NewGuid():n}");
        File.CreateSymbolicLink(link, Path.Combine(new RunFolder(place).Case(Case).Root, GuestSession.DebuggerSocket));
        try
        {
            await stub.ConnectAsync(new UnixDomainSocketEndPoint(link), cancellation);
        }
        finally
        {
            File.Delete(link);
        }

        // The GDB remote protocol: why the machine stands still, then its end.
        Assert.That(await AskAsync("$?#3f"), Does.Contain("+$T05"), "a trap");
        Assert.That(
            new FileInfo(Path.Combine(new RunFolder(place).Case(Case).Root, "boot-1", "console.log")).Length,
            Is.Zero
        );
        await stub.SendAsync("$k#6b"u8.ToArray(), cancellation);
        Assert.That((await session.Exit.WaitAsync(cancellation)).Code, Is.EqualTo(3), "QEMU has ended");

        async Task<string> AskAsync(string packet)
        {
            await stub.SendAsync(Encoding.ASCII.GetBytes(packet), cancellation);
            var answer = new StringBuilder();
            byte[] buffer = new byte[256];
            while (!answer.ToString().Contains('#'))
                answer.Append(Encoding.ASCII.GetString(buffer, 0, await stub.ReceiveAsync(buffer, cancellation)));
            return answer.ToString();
        }
    }

    /// <summary>What was shown, for a test to wait for.</summary>
    private sealed class Screen : MemoryStream
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _seen;

        public string All
        {
            get
            {
                lock (_gate)
                    return Encoding.UTF8.GetString(ToArray());
            }
        }

        /// <summary>Waits for a text behind the one that was waited for before.</summary>
        /// <returns>All up to its end.</returns>
        public async Task<string> ShowsAsync(string text, CancellationToken cancellation)
        {
            while (true)
            {
                Task more;
                lock (_gate)
                {
                    string shown = Encoding.Latin1.GetString(ToArray());
                    int at = shown.IndexOf(text, _seen, StringComparison.Ordinal);
                    if (at >= 0)
                    {
                        string passed = shown[_seen..(at + text.Length)];
                        _seen = at + text.Length;
                        return passed;
                    }

                    more = _more.Task;
                }

                try
                {
                    await more.WaitAsync(cancellation);
                }
                catch (OperationCanceledException)
                {
                    Assert.Fail($"never shown: {text}\n{All}");
                }
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                Write(buffer.Span);
                _more.SetResult();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return ValueTask.CompletedTask;
        }
    }
}
