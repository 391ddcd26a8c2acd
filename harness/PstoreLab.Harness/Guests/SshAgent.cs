using System.Text;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>The agent of a systemd guest: a program there, which is called over SSH once for every request.</summary>
internal sealed class SshAgent : IGuestAgent
{
    /// <summary>Where the guest's initramfs puts it.</summary>
    public const string Program = "/usr/lib/pstorelab/agent";

    /// <summary>
    /// How long to try, and to log in: longer than any state of the cycle may last, for that is the limit.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <summary>How much of what a command says of its failure is shown.</summary>
    private const int LongestError = 4 << 10;

    private readonly IRemoteClient _client;
    private readonly RemoteHost _host;
    private readonly TimeProvider _time;
    private readonly StreamWriter _log;
    private readonly List<Task> _unanswered = [];
    private CancellationTokenSource _end = new();
    private IRemoteSession? _session;

    /// <param name="logPath">Gets every request, and how it ended.</param>
    public SshAgent(IRemoteClient client, RemoteHost host, TimeProvider time, string logPath)
    {
        _client = client;
        _host = host;
        _time = time;
        _log = new StreamWriter(new FileStream(logPath, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            AutoFlush = true,
        };
    }

    public async Task<string> ReadyAsync(CancellationToken cancellation)
    {
        await EndSessionAsync();
        _session = await new RemoteConnector(_client, _time).ConnectAsync(_host, Limit, Limit, cancellation);
        return RecordText.FromBytes(await AskAsync(new AgentRequest.Ready(), cancellation)).Trim();
    }

    public Task SendAsync(AgentRequest request, CancellationToken cancellation)
    {
        _unanswered.Add(ForgetAsync(request));
        return Task.CompletedTask;
    }

    public async Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation)
    {
        var session = _session ?? throw new InvalidOperationException("the guest is not ready");
        var full = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(full.Token, cancellation);
        // The reader must not wait for what the end of its command waits for.
        await using var output = new CappedCapture(IGuestAgent.LongestAnswer, onDropped: () => _ = full.CancelAsync());
        await using var error = new CappedCapture(LongestError);
        int exit;
        try
        {
            exit = await session.RunAsync(
                // The guest's own shell reads the line before the agent does.
                new RemoteCommand(ShellWords.Join([Program, .. request.Words.Split(' ')]))
                {
                    Output = output,
                    Error = error,
                },
                stop.Token
            );
        }
        catch (OperationCanceledException) when (output.IsCut && !cancellation.IsCancellationRequested)
        {
            Log($"{request}: more than {IGuestAgent.LongestAnswer} bytes");
            throw IGuestAgent.Endless(request);
        }
        catch (InfraException e)
        {
            Log($"{request}: {e.Message}");
            await EndOfWaitAsync(cancellation);
            throw;
        }

        Log($"{request}: exit code {exit}, {output.Length} bytes");
        if (output.IsCut)
            throw IGuestAgent.Endless(request);
        return exit == 0
            ? output.ToArray()
            : throw new GuestFaultException(
                GuestFaultKind.Refused,
                $"the guest could not `{request}`: "
                    + RecordText.ForDisplay(Encoding.Latin1.GetString(error.ToArray()).Trim())
            );
    }

    /// <summary>
    /// A connection breaks when the guest dies, and whoever waits for that has the better reason. Where nobody has one
    /// until the wait is over, the connection itself is the reason.
    /// </summary>
    private async Task EndOfWaitAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The caller throws the reason.
        }
    }

    public Task LeaveAsync(CancellationToken cancellation) => EndSessionAsync();

    public async ValueTask DisposeAsync()
    {
        await EndSessionAsync();
        _end.Dispose();
        await _log.DisposeAsync();
    }

    private async Task ForgetAsync(AgentRequest request)
    {
        try
        {
            await AskAsync(request, _end.Token);
        }
        catch (Exception e) when (e is InfraException or GuestFaultException or OperationCanceledException)
        {
            // The guest died of it, most likely, as it should.
        }
    }

    private async Task EndSessionAsync()
    {
        if (_session is null)
            return;
        await _end.CancelAsync();
        await Task.WhenAll(_unanswered);
        _unanswered.Clear();
        _end.Dispose();
        _end = new CancellationTokenSource();
        await _session.DisposeAsync();
        _session = null;
    }

    private void Log(string line)
    {
        lock (_log)
            _log.WriteLine(line);
    }
}
