using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Processes;

namespace PstoreLab.Harness.Tests.Remote;

/// <summary>What every SSH client has to do, held against each that this build has, with a real sshd.</summary>
[TestFixtureSource(nameof(Clients))]
[CancelAfter(120_000)]
public class RemoteContract(IRemoteClient client)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private SshServer _server = null!;

    public static IEnumerable<TestFixtureData> Clients =>
        RemoteClient
            .Available(ProcessRunner.Default, TimeProvider.System)
            .Select(client => new TestFixtureData(client).SetArgDisplayNames(client.Name));

    private RemoteConnector Connector => new(client, TimeProvider.System);

    [SetUp]
    public async Task SetUp() => _server = await SshServer.PrepareAsync();

    [TearDown]
    public async Task TearDown()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await Eventually.Holds("every ssh has ended", () => OwnClients().Count == 0);
    }

    [Test]
    public async Task The_right_key_runs_commands(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        var said = await session.RunAsync("echo \"it's $((40 + 2))\"; echo complaint >&2; exit 7", Limit, cancellation);
        Assert.That(said, Is.EqualTo(new RemoteOutput(said.Command, 7, "it's 42\n", "complaint\n")));
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
            () => client.ConnectAsync(stranger, Limit, cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("Permission denied")
        );
    }

    [Test]
    public async Task A_server_with_another_key_is_refused(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        var other = _server.Host with { HostKey = await _server.KeyAsync("other") };
        Assert.That(
            () => client.ConnectAsync(other, Limit, cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains($"127.0.0.1:{other.Port}")
        );
    }

    [Test]
    public async Task Bytes_pass_unchanged_both_ways_however_many(CancellationToken cancellation)
    {
        var sent = new byte[5_000_003];
        new Random(1).NextBytes(sent);
        using var input = new MemoryStream(sent);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        await using var session = await ConnectAsync(cancellation);

        int exit = await session.RunAsync(
            new RemoteCommand("tee /dev/stderr")
            {
                Input = input,
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
    public async Task Without_an_input_the_command_reads_its_end_and_it_need_not_read_one(
        CancellationToken cancellation
    )
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That((await session.RunAsync("wc -c", Limit, cancellation)).Output.Trim(), Is.EqualTo("0"));
        using var input = new MemoryStream(new byte[5_000_000]);
        Assert.That((await session.RunAsync("exit 4", Limit, cancellation, input)).ExitCode, Is.EqualTo(4));
    }

    [Test]
    public async Task Commands_run_side_by_side(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        string pipe = ShellWords.Quote(Path.Combine(_server.Folder, "pipe"));
        Assert.That(await session.RunAsync(new RemoteCommand($"mkfifo {pipe}"), cancellation), Is.Zero);
        var reader = session.RunAsync($"cat {pipe}", Limit, cancellation);
        Assert.That(await session.RunAsync(new RemoteCommand($"echo through >{pipe}"), cancellation), Is.Zero);
        Assert.That((await reader).Output, Is.EqualTo("through\n"));
    }

    [Test]
    public async Task A_cancelled_command_leaves_nothing_here_and_the_connection_whole(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        int before = OwnClients().Count;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var lines = new LineSink();
        using var input = new Silence();
        var running = session.RunAsync(
            new RemoteCommand("echo $$; exec cat") { Input = input, Output = lines },
            cancel.Token
        );
        int pid = await lines.NextNumber();
        Assert.That(ProcessTable.IsAlive(pid));

        await cancel.CancelAsync();

        Assert.That(async () => await Eventually.Ends(running), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(OwnClients(), Has.Count.EqualTo(before));
        await Eventually.Holds("the command sees that its channel is closed", () => !ProcessTable.IsAlive(pid));
        Assert.That(await session.RunAsync(new RemoteCommand("exit 6"), cancellation), Is.EqualTo(6));
    }

    [Test]
    public async Task A_command_that_takes_too_long_is_given_up(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(
            () => session.RunAsync("sleep 1000", TimeSpan.FromMilliseconds(300), cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("`sleep 1000` did not end within 0.3 s")
        );
    }

    [Test]
    public async Task A_lost_connection_is_told_and_not_made_again(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(
            () => session.RunAsync("kill -KILL $PPID; sleep 1000", Limit, cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("lost")
        );
        Assert.That(
            () => session.RunAsync("true", Limit, cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("lost")
        );
    }

    [Test]
    public void A_port_where_nobody_listens_is_unreachable(CancellationToken cancellation)
    {
        Assert.That(
            () => client.ConnectAsync(_server.Host, Limit, cancellation),
            Throws
                .TypeOf<UnreachableException>()
                .With.Message.Contains($"127.0.0.1:{_server.Host.Port}")
                .And.Message.Contains("refused")
        );
    }

    [TestCase("", "not a word within 0.3 s")]
    [TestCase("HTTP/1.1 200 OK\r\n", "found 'HTTP/1.1'")]
    public void A_listener_that_is_no_ssh_server_is_unreachable(string word, string complaint)
    {
        using var listener = new TcpListener(IPAddress.Loopback, _server.Host.Port);
        listener.Start();
        _ = listener
            .AcceptTcpClientAsync()
            .ContinueWith(
                accepted => accepted.Result.GetStream().Write(Encoding.ASCII.GetBytes(word)),
                TaskContinuationOptions.OnlyOnRanToCompletion
            );
        Assert.That(
            () => client.ConnectAsync(_server.Host, TimeSpan.FromMilliseconds(300), CancellationToken.None),
            Throws.TypeOf<UnreachableException>().With.Message.Contains(complaint)
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

    [Test]
    public async Task A_folder_comes_with_all_that_is_known_of_it(CancellationToken cancellation)
    {
        string folder = Directory
            .CreateDirectory(Path.Combine(_server.Folder, "it's a folder", "sub"))
            .Parent!.FullName;
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        string file = Path.Combine(folder, "sub", "dmesg.txt");
        await File.WriteAllBytesAsync(file, content, cancellation);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.SetUser);
        var modified = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567);
        File.SetLastWriteTimeUtc(file, modified.UtcDateTime);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "sub/dmesg.txt");
        await using var session = await ConnectAsync(cancellation);
        using var archive = new MemoryStream();

        await session.FetchAsync(folder, archive, Limit, cancellation);

        archive.Position = 0;
        var files = RemoteTree.Read(archive);
        Assert.That(
            files.Select(found => (found.Path, found.Kind)),
            Is.EqualTo(
                new[]
                {
                    (".", RemoteFileKind.Folder),
                    ("link", RemoteFileKind.Link),
                    ("sub", RemoteFileKind.Folder),
                    ("sub/dmesg.txt", RemoteFileKind.File),
                }
            )
        );
        Assert.That(files[1].Target, Is.EqualTo("sub/dmesg.txt"));
        Assert.That(files[3].Mode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.SetUser));
        Assert.That(files[3].Modified, Is.EqualTo(modified));
        Assert.That(files[3].Content.Span.SequenceEqual(content));
        var id = await session.RunAsync("id -u; id -g", Limit, cancellation);
        Assert.That($"{files[3].Owner.User}\n{files[3].Owner.Group}\n", Is.EqualTo(id.Output));
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_named(CancellationToken cancellation)
    {
        await using var session = await ConnectAsync(cancellation);
        Assert.That(
            () => session.FetchAsync("/no/such/folder", Stream.Null, Limit, cancellation),
            Throws
                .TypeOf<InfraException>()
                .With.Message.Contains("/no/such/folder could not be fetched")
                .And.Message.Contains("No such file")
        );
    }

    [Test]
    public async Task A_file_is_sent_whole_with_its_mode(CancellationToken cancellation)
    {
        byte[] content = RandomNumberGenerator.GetBytes(1_000_000);
        using var input = new MemoryStream(content);
        string path = Path.Combine(_server.Folder, "it's sent");
        await using var session = await ConnectAsync(cancellation);

        await session.SendAsync(input, path, UnixFileMode.UserRead | UnixFileMode.GroupRead, Limit, cancellation);

        Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(content));
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.GroupRead));
        Assert.That(Directory.GetFiles(_server.Folder, "*.part"), Is.Empty);
        using var again = new MemoryStream(content);
        Assert.That(
            () => session.SendAsync(again, "/no/such/folder/file", UnixFileMode.UserRead, Limit, cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("/no/such/folder/file could not be written")
        );
    }

    private async Task<IRemoteSession> ConnectAsync(CancellationToken cancellation)
    {
        _server.Start();
        return await Connector.ConnectAsync(_server.Host, Limit, Limit, cancellation);
    }

    /// <summary>The ssh processes that are children of ours.</summary>
    private static IReadOnlyList<int> OwnClients() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), out int pid) ? pid : 0)
                .Where(pid =>
                    pid > 0
                    && ProcessTable.IsAlive(pid)
                    && ProcessTable.ParentOf(pid) == Environment.ProcessId
                    && ProcessTable.NameOf(pid) == "ssh"
                ),
        ];

    /// <summary>An input that never brings anything and never ends.</summary>
    private sealed class Silence : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
