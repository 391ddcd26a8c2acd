using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Guests;

/// <summary>One QEMU process with its three channels: the kernel's console, the agent, QMP.</summary>
internal sealed class GuestMachine : IAsyncDisposable
{
    /// <summary>How much of what QEMU itself prints is kept, in bytes; a line or two is what there is.</summary>
    private const int LongestLog = 4 << 20;

    /// <summary>How much of that a message has.</summary>
    private const int LongestWords = 4 << 10;

    private readonly IRunningProcess _process;
    private readonly IArchitecture _architecture;
    private readonly CappedFile _qemuLog;
    private readonly QmpClient _qmp;
    private readonly ConcurrentDictionary<BootNumber, KernelReport> _reports = [];
    private readonly ConcurrentDictionary<BootNumber, TaskCompletionSource<string>> _losses = [];
    private bool _troubleIsExpected;

    private GuestMachine(
        IRunningProcess process,
        IArchitecture architecture,
        CappedFile qemuLog,
        Stream qmp,
        Stream console,
        IGuestAgent agent,
        CaseFolder folder,
        BootNumber boot
    )
    {
        _process = process;
        _architecture = architecture;
        _qemuLog = qemuLog;
        // No event comes before the channel is negotiated.
        _qmp = new QmpClient(qmp, File.Create(folder.Boot(boot).Qmp), Take);

        Reset = new GuestReset(_qmp, process.Exit);
        Console = new ConsoleLog(
            console,
            architecture,
            boot,
            (number, captureKernel) => ConsoleOf(folder.Boot(number), captureKernel),
            (number, line) => ReportOf(number).Take(line, _troubleIsExpected),
            (number, fault) =>
            {
                LossOf(number).TrySetResult(fault);
                // Nothing comes of this attempt any more, and QEMU would write to its end of the file for ever.
                Kill();
            }
        );
        Monitor = new QemuMonitor(_qmp, architecture);
        Migration = new Migration(_qmp);
        Agent = agent;
    }

    public ConsoleLog Console { get; }

    public IGuestAgent Agent { get; }

    /// <summary>The console in the hands of its user; null where there is none.</summary>
    public UsedConsole? Used { get; private init; }

    /// <summary>What QMP has no words for.</summary>
    public QemuMonitor Monitor { get; }

    /// <summary>What takes and restores checkpoints.</summary>
    public Migration Migration { get; }

    /// <summary>The reset of the guest.</summary>
    public GuestReset Reset { get; }

    /// <summary>Ends when QEMU has ended.</summary>
    public Task<ProcessExit> Exit => _process.Exit;

    /// <summary>What the kernel of that boot prints of trouble.</summary>
    public KernelReport ReportOf(BootNumber boot) => _reports.GetOrAdd(boot, _ => new KernelReport(_architecture));

    /// <summary>Ends, with the reason, when the console of that boot cannot be kept.</summary>
    public Task<string> ConsoleLoss(BootNumber boot) => LossOf(boot).Task;

    /// <summary>Why the console of some boot could not be kept; null where all are whole so far.</summary>
    public string? AnyConsoleLoss =>
        _losses.Values.FirstOrDefault(loss => loss.Task.IsCompletedSuccessfully)?.Task.Result;

    /// <summary>Ends when QEMU has closed its channels, and all that came through them was taken.</summary>
    public async Task EndedAsync(CancellationToken cancellation)
    {
        await Console.EndedAsync(cancellation);
        await _qmp.EndedAsync(cancellation);
    }

    /// <summary>Whatever the kernel prints of trouble was asked for, until this is disposed.</summary>
    public IDisposable ExpectTrouble()
    {
        _troubleIsExpected = true;
        return new TroubleExpected(this);
    }

    /// <summary>Starts QEMU and connects its channels.</summary>
    /// <param name="qemu">The program.</param>
    /// <param name="arguments">Its arguments without channels.</param>
    /// <param name="folder">The case folder, which relative paths are relative to.</param>
    /// <param name="boot">Number of the process's first boot.</param>
    /// <param name="line">The way to its agent. Disposed with this.</param>
    /// <param name="checkpoint">The one that it is restored from; null for a machine that boots.</param>
    /// <param name="user">Who is at its console; null for nobody.</param>
    /// <exception cref="InfraException">QEMU ended at once; the message has its words.</exception>
    public static async Task<GuestMachine> StartAsync(
        IProcessRunner runner,
        IMachine machine,
        string qemu,
        IReadOnlyList<string> arguments,
        CaseFolder folder,
        BootNumber boot,
        IAgentLine line,
        Checkpoint? checkpoint,
        CancellationToken cancellation,
        IConsoleUser? user = null
    )
    {
        var evidence = folder.Boot(boot);
        using var agent = line;
        using var qmp = new ChannelListener("qmp");
        using var console = user is null ? null : new ChannelListener("console");
        var qemuLog = new CappedFile(evidence.Qemu, LongestLog);
        // The console comes through a file. Through a socket, into which QEMU writes byte by byte, some 200 bytes are
        // all that a busy harness may leave unread before QEMU makes the guest wait, and its kernel waits 10 ms and
        // then drops what it has to say.
        // What a restored machine had printed before belongs to this boot.
        byte[] printed = checkpoint is null ? [] : await File.ReadAllBytesAsync(checkpoint.Console, cancellation);
        await File.WriteAllBytesAsync(evidence.RawConsole, printed, cancellation);
        var spec = new ProcessSpec(
            qemu,
            [
                .. arguments,
                .. checkpoint is null ? [] : (string[])["-incoming", "defer"],
                .. ConsoleArguments(console, Path.GetRelativePath(folder.Root, evidence.RawConsole)),
                .. machine.ConsolePort("console"),
                .. agent.Arguments,
                .. qmp.Arguments,
                "-mon",
                $"chardev={qmp.Id},mode=control",
            ]
        )
        {
            WorkingDirectory = folder.Root,
            StandardError = qemuLog,
        };
        await File.WriteAllTextAsync(evidence.Command, spec.CommandLine + "\n", cancellation);
        var process = runner.Start(spec);
        UsedConsole? typed = null;
        IGuestAgent? opened = null;
        GuestMachine? guest = null;
        try
        {
            // QEMU ends after all that is waited for here, and this must still be there.
            var exited = new CancellationTokenSource();
            _ = process.Exit.ContinueWith(_ => exited.Cancel(), TaskScheduler.Default);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(exited.Token, cancellation);
            // QEMU dials in the order of its arguments.
            typed = console is null ? null : new UsedConsole(await console.AcceptAsync(ended.Token), user!);
            opened = await agent.OpenAsync(ended.Token);
            var qmpStream = await qmp.AcceptAsync(ended.Token);
            guest = new GuestMachine(
                process,
                machine.Architecture,
                qemuLog,
                qmpStream,
                new FollowedFile(evidence.RawConsole, process.Exit),
                opened,
                folder,
                boot
            )
            {
                Used = typed,
            };
            await guest._qmp.NegotiateAsync(ended.Token);
            if (checkpoint is not null)
                await guest.Migration.RestoreAsync(checkpoint, ended.Token);
            return guest;
        }
        catch (Exception e)
        {
            // QEMU closes its channels a moment before it is gone, and may have dialled before it finds fault with the
            // rest of its arguments.
            bool ends = e is InfraException || process.Exit.IsCompleted;
            if (ends)
                await ((Task)process.Exit.WaitAsync(cancellation)).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing
                );
            ends &= process.Exit.IsCompletedSuccessfully;
            // All of it: the console's file goes when it is closed, and by then another attempt may have one of that
            // name.
            if (guest is not null)
                await guest.DisposeAsync();
            else
            {
                if (opened is not null)
                    await opened.DisposeAsync();
                if (typed is not null)
                    await typed.DisposeAsync();
            }
            await process.DisposeAsync();
            await qemuLog.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            if (ends)
                throw new InfraException(
                    $"QEMU ended at once with exit code {(await process.Exit).Code}: {await WordsOf(evidence)}",
                    e
                );
            throw;
        }
    }

    /// <summary>Tells QEMU to end in an orderly way.</summary>
    public async Task QuitAsync(CancellationToken cancellation)
    {
        try
        {
            await _qmp.ExecuteAsync("quit", null, cancellation);
        }
        catch (InfraException)
        {
            // It ended before it answered, which is what was wanted.
        }
    }

    /// <summary>Ends QEMU as a power failure would.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _qmp.DisposeAsync();
        await Console.DisposeAsync();
        await Agent.DisposeAsync();
        if (Used is not null)
            await Used.DisposeAsync();
        await _qemuLog.DisposeAsync();
    }

    /// <summary>A user reads and types; the console is kept in its file all the same.</summary>
    private static IReadOnlyList<string> ConsoleArguments(ChannelListener? user, string path) =>
        user is null
            ? ["-chardev", $"file,id=console,path={path},append=on"]
            : ["-chardev", $"{user.Arguments[1]},logfile={path},logappend=on"];

    private void Take(string name, JsonNode? data)
    {
        Reset.Take(name, data);
        Migration.Take(name, data);
    }

    private TaskCompletionSource<string> LossOf(BootNumber boot) =>
        _losses.GetOrAdd(
            boot,
            _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)
        );

    /// <summary>The next boot in the same QEMU prints before the cycle has come to it.</summary>
    private static string ConsoleOf(BootFolder boot, bool captureKernel)
    {
        Directory.CreateDirectory(boot.Root);
        return captureKernel ? boot.CrashConsole : boot.Console;
    }

    private static async Task<string> WordsOf(BootFolder folder)
    {
        await using var log = File.OpenRead(folder.Qemu);
        log.Seek(-Math.Min(LongestWords, log.Length), SeekOrigin.End);
        byte[] last = new byte[LongestWords];
        int length = await log.ReadAtLeastAsync(last, last.Length, throwOnEndOfStream: false);
        string words = Encoding.UTF8.GetString(last.AsSpan(0, length)).Trim();
        return words.Length == 0 ? "it said nothing" : words;
    }

    private sealed class TroubleExpected(GuestMachine guest) : IDisposable
    {
        public void Dispose() => guest._troubleIsExpected = false;
    }
}
