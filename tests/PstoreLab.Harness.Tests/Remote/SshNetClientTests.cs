using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework.Constraints;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Processes;

namespace PstoreLab.Harness.Tests.Remote;

/// <summary>SSH with a real sshd.</summary>
[CancelAfter(120_000)]
public class SshNetClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SshNetClient _client = new(TimeProvider.System);
    private SshServer _server = null!;

    private RemoteConnector Connector => new(_client, TimeProvider.System);

    [SetUp]
    public async Task SetUp() => _server = await SshServer.PrepareAsync();

    [TearDown]
    public async Task TearDown()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Test]
    public async Task The_right_key_runs_commands(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        var said = await RemoteOutput.OfAsync(
            session,
            "echo \"it's $((40 + 2))\"; echo complaint >&2; exit 7",
            cancellation
        );
        Assert.That(said, Is.EqualTo(new RemoteOutput(7, "it's 42\n", "complaint\n")));
    }

    [Test]
    public async Task One_connection_is_enough(CancellationToken cancellation)
    {
        await using (var session = await ConnectAsync(cancellation))
        {
            for (int i = 0; i < 3; i++)
                Assert.That(await session.RunAsync(new RemoteCommand("true"), cancellation), Is.Zero);
        }
        Assert.That((_server.Logged("Connection from"), _server.Logged("Starting session")), Is.EqualTo((1, 3)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(254)]
    [TestCase(255)]
    public async Task The_exit_code_is_the_commands(int code, CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(await session.RunAsync(new RemoteCommand($"exit {code}"), cancellation), Is.EqualTo(code));
    }

    [Test]
    public async Task A_signal_is_no_lost_connection(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(await session.RunAsync(new RemoteCommand("kill -KILL $$"), cancellation), Is.EqualTo(255));
        Assert.That(await session.RunAsync(new RemoteCommand("exit 3"), cancellation), Is.EqualTo(3));
    }

    [Test]
    public async Task Another_key_is_refused(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        var stranger = _server.Host with { ClientKey = await _server.KeyAsync("stranger") };
        Assert.That(
            () => _client.ConnectAsync(stranger, Limit, cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("Permission denied")
        );
    }

    [Test]
    public async Task A_server_with_another_key_is_refused(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        var other = _server.Host with { HostKey = await _server.KeyAsync("other") };
        Assert.That(
            () => _client.ConnectAsync(other, Limit, cancellation),
            Throws
                .TypeOf<InfraException>()
                .With.Message.Contains($"127.0.0.1:{other.Port}")
                .And.Message.Contains("Host key")
        );
    }

    [Test]
    public async Task Bytes_pass_unchanged_however_many(CancellationToken cancellation)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(5_000_003);
        await File.WriteAllBytesAsync(Path.Combine(_server.Folder, "sent"), sent, cancellation);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        await using var session = await ConnectAsync(cancellation);

        int exit = await session.RunAsync(
            new RemoteCommand($"tee /dev/stderr <{ShellWords.Quote(Path.Combine(_server.Folder, "sent"))}")
            {
                Output = output,
                Error = error,
            },
            cancellation
        );

        Assert.That(exit, Is.Zero);
        Assert.That(output.ToArray().AsSpan().SequenceEqual(sent), "standard output");
        Assert.That(error.ToArray().AsSpan().SequenceEqual(sent), "standard error");
    }

    [Test]
    public async Task Output_nobody_wants_does_not_stop_the_command(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(
            await session.RunAsync(
                new RemoteCommand("head -c 5000000 /dev/zero >&2; head -c 5000000 /dev/zero; exit 5"),
                cancellation
            ),
            Is.EqualTo(5)
        );
    }

    [Test]
    public async Task The_input_of_a_command_is_empty(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That((await RemoteOutput.OfAsync(session, "wc -c", cancellation)).Output.Trim(), Is.EqualTo("0"));
    }

    [Test]
    public async Task Commands_run_side_by_side(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        string pipe = await PipeAsync(session, cancellation);
        var reader = RemoteOutput.OfAsync(session, $"cat {pipe}", cancellation);
        Assert.That(await session.RunAsync(new RemoteCommand($"echo through >{pipe}"), cancellation), Is.Zero);
        Assert.That((await reader).Output, Is.EqualTo("through\n"));
    }

    [Test]
    public async Task A_cancelled_command_loses_its_output_and_leaves_the_connection_whole(
        CancellationToken cancellation
    )
    {
        await using var session = await ConnectAsync(cancellation);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var lines = new LineSink();
        var running = session.RunAsync(
            new RemoteCommand("echo $$; while echo; do sleep 0.05; done") { Output = lines },
            cancel.Token
        );
        int pid = await lines.NextNumber();
        Assert.That(ProcessTable.IsAlive(pid));

        await cancel.CancelAsync();

        Assert.That(async () => await Eventually.Ends(running), Throws.InstanceOf<OperationCanceledException>());
        await Eventually.Holds("the command sees that its channel is closed", () => !ProcessTable.IsAlive(pid));
        Assert.That(await session.RunAsync(new RemoteCommand("exit 6"), cancellation), Is.EqualTo(6));
    }

    [Test]
    public async Task A_lost_connection_is_reported_and_not_made_again(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(
            () =>
                session.RunAsync(new RemoteCommand("kill -KILL $PPID; while echo; do sleep 0.05; done"), cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("lost")
        );
        Assert.That(
            () => session.RunAsync(new RemoteCommand("true"), cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("lost")
        );
        Assert.That(_server.Logged("Connection from"), Is.EqualTo(1));
    }

    [Test]
    public async Task The_end_of_a_connection_ends_its_commands(CancellationToken cancellation)
    {
        var session = await ConnectAsync(cancellation);
        using var lines = new LineSink();
        var running = session.RunAsync(
            new RemoteCommand("while echo up; do sleep 0.05; done") { Output = lines },
            cancellation
        );
        await lines.NextLine();

        await session.DisposeAsync();

        Assert.That(
            async () => await Eventually.Ends(running),
            Throws.TypeOf<InfraException>().With.Message.Contains("it was closed here")
        );
        Assert.That(
            () => session.RunAsync(new RemoteCommand("true"), cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("lost")
        );
    }

    [TestCase("exec sleep 100")]
    [TestCase("while sleep 0.05; do head -c 100000 /dev/zero; done")]
    public async Task A_guest_that_dies_without_a_word_ends_every_call(string command, CancellationToken cancellation)
    {
        var clock = new FakeTimeProvider();
        _server.Start();
        var session = await new RemoteConnector(new SshNetClient(clock), TimeProvider.System).ConnectAsync(
            _server.Host,
            Limit,
            Limit,
            cancellation
        );
        using var lines = new LineSink();
        var running = session.RunAsync(
            new RemoteCommand($"echo $PPID; echo $$; {command}") { Output = lines },
            cancellation
        );
        int server = await lines.NextNumber();
        int shell = await lines.NextNumber();
        await SignalAsync("STOP", server);
        try
        {
            var begun = session.RunAsync(new RemoteCommand("true"), cancellation);
            foreach (var call in new[] { running, begun })
            {
                await Eventually.Holds(
                    "the end of the call",
                    () =>
                    {
                        clock.Advance(TimeSpan.FromSeconds(1));
                        return call.IsCompleted;
                    }
                );
                Assert.That(async () => await call, ReportedDead());
            }
            Assert.That(() => session.RunAsync(new RemoteCommand("true"), cancellation), ReportedDead());
            await Eventually.Ends(session.DisposeAsync().AsTask().ContinueWith(_ => true));
        }
        finally
        {
            await SignalAsync("KILL", server, shell);
        }
    }

    [Test]
    public async Task A_cancelled_call_ends_though_the_guest_is_dead(CancellationToken cancellation)
    {
        var session = await ConnectAsync(cancellation);
        int server = int.Parse((await RemoteOutput.OfAsync(session, "echo $PPID", cancellation)).Output);
        await SignalAsync("STOP", server);
        try
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var call = session.RunAsync(new RemoteCommand("true"), cancel.Token);
            await cancel.CancelAsync();
            Assert.That(async () => await Eventually.Ends(call), Throws.InstanceOf<OperationCanceledException>());
            await Eventually.Ends(session.DisposeAsync().AsTask().ContinueWith(_ => true));
        }
        finally
        {
            await SignalAsync("KILL", server);
        }
    }

    [Test]
    public async Task A_guest_that_is_silent_and_alive_is_waited_for(CancellationToken cancellation)
    {
        var clock = new FakeTimeProvider();
        _server.Start();
        await using var session = await new RemoteConnector(new SshNetClient(clock), TimeProvider.System).ConnectAsync(
            _server.Host,
            Limit,
            Limit,
            cancellation
        );
        string pipe = await PipeAsync(session, cancellation);
        var reader = RemoteOutput.OfAsync(session, $"cat {pipe}", cancellation);
        int ended = _server.Logged("Close session");

        for (int asked = 1; asked <= 6; asked++)
        {
            await Eventually.Holds(
                "a sign of life",
                () =>
                {
                    // No further than the question, so that the answer is never late.
                    if (_server.Logged("Starting session") < 2 + asked)
                        clock.Advance(KeepAlive.Interval / 20);
                    return _server.Logged("Close session") == ended + asked;
                }
            );
        }

        Assert.That(reader.IsCompleted, Is.False);
        Assert.That(await session.RunAsync(new RemoteCommand($"echo through >{pipe}"), cancellation), Is.Zero);
        Assert.That((await reader).Output, Is.EqualTo("through\n"));
    }

    [Test]
    public void A_port_where_nobody_listens_is_unreachable(CancellationToken cancellation)
    {
        Assert.That(
            () => _client.ConnectAsync(_server.Host, Limit, cancellation),
            Throws
                .TypeOf<UnreachableException>()
                .With.Message.Contains($"127.0.0.1:{_server.Host.Port}")
                .And.Message.Contains("refused")
        );
    }

    [TestCase("", false, "not a word of SSH within 0.3 s")]
    [TestCase("HTTP/1.1 200 OK\r\n", false, "not a word of SSH within 0.3 s")]
    [TestCase("HTTP/1.1 200 OK\r\n", true, "closed before")]
    [TestCase("", true, "closed before")]
    public void A_listener_that_is_no_ssh_server_is_unreachable(string word, bool hangsUp, string complaint)
    {
        using var listener = new TcpListener(IPAddress.Loopback, _server.Host.Port);
        listener.Start();
        _ = listener
            .AcceptTcpClientAsync()
            .ContinueWith(
                accepted =>
                {
                    accepted.Result.GetStream().Write(Encoding.ASCII.GetBytes(word));
                    if (hangsUp)
                        accepted.Result.Client.Shutdown(SocketShutdown.Send);
                },
                TaskContinuationOptions.OnlyOnRanToCompletion
            );
        Assert.That(
            () => _client.ConnectAsync(_server.Host, TimeSpan.FromMilliseconds(300), CancellationToken.None),
            Throws.TypeOf<UnreachableException>().With.Message.Contains(complaint)
        );
    }

    [Test]
    public async Task A_server_that_answers_and_goes_no_further_is_given_up(CancellationToken cancellation)
    {
        using var listener = new TcpListener(IPAddress.Loopback, _server.Host.Port);
        listener.Start();
        var connecting = _client.ConnectAsync(_server.Host, TimeSpan.FromMilliseconds(300), cancellation);
        using var accepted = await listener.AcceptTcpClientAsync(cancellation);
        await accepted.GetStream().WriteAsync("SSH-2.0-silent\r\n"u8.ToArray(), cancellation);
        Assert.That(
            async () => await Eventually.Ends(connecting),
            Throws.TypeOf<InfraException>().With.Message.Contains("did not come to a login within 0.3 s")
        );
    }

    [Test]
    public async Task A_server_that_comes_up_late_is_waited_for(CancellationToken cancellation)
    {
        var connecting = Connector.ConnectAsync(_server.Host, Limit, Limit, cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        Assert.That(connecting.IsCompleted, Is.False);
        _server.Start();
        await using var session = await connecting;
        Assert.That(await session.RunAsync(new RemoteCommand("exit 2"), cancellation), Is.EqualTo(2));
    }

    [Test]
    public void A_server_that_never_comes_up_is_given_up(CancellationToken cancellation)
    {
        Assert.That(
            () => Connector.ConnectAsync(_server.Host, TimeSpan.FromSeconds(1), Limit, cancellation),
            Throws.TypeOf<UnreachableException>().With.Message.Contains("tried for 1 s")
        );
    }

    private async Task<IRemoteSession> ConnectAsync(CancellationToken cancellation)
    {
        _server.Start();
        return await Connector.ConnectAsync(_server.Host, Limit, Limit, cancellation);
    }

    private static IResolveConstraint ReportedDead() =>
        Throws.TypeOf<InfraException>().With.Message.Contains("no sign of life for 30 s");

    private async Task<string> PipeAsync(IRemoteSession session, CancellationToken cancellation)
    {
        string pipe = ShellWords.Quote(Path.Combine(_server.Folder, "pipe"));
        Assert.That(await session.RunAsync(new RemoteCommand($"mkfifo {pipe}"), cancellation), Is.Zero);
        return pipe;
    }

    private static async Task SignalAsync(string signal, params int[] processes)
    {
        var kill = new ProcessSpec("sh", "-c", $"kill -{signal} {string.Join(' ', processes)}");
        (await new ProcessRunner().RunAsync(kill)).EnsureSuccess();
    }
}
