using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>The agent of a guest with systemd, over a connection that does what a test says.</summary>
[CancelAfter(60_000)]
public class SshAgentTests
{
    private ScratchFolder _scratch = null!;
    private FakeGuest _guest = null!;
    private SshAgent _agent = null!;

    [SetUp]
    public void SetUp()
    {
        _scratch = new ScratchFolder();
        _guest = new FakeGuest();
        _agent = new SshAgent(_guest, FakeGuest.Host, TimeProvider.System, Path.Combine(_scratch.Path, "agent.log"));
    }

    [TearDown]
    public async Task TearDown()
    {
        await _agent.DisposeAsync();
        _scratch.Dispose();
    }

    [Test]
    public async Task It_is_ready_when_the_guest_answers(CancellationToken cancellation)
    {
        Assert.That(await _agent.ReadyAsync(cancellation), Is.EqualTo("6.1.0-50-amd64"));
        Assert.That(_guest.Commands, Is.EqualTo(["/usr/lib/pstorelab/agent ready"]));
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(_scratch.Path, "agent.log"), cancellation),
            Is.EqualTo("ready: exit code 0, 15 bytes\n")
        );
    }

    [Test]
    public async Task Words_come_to_the_agent_as_they_are(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        await _agent.AskAsync(
            new AgentRequest.Awake(1, "seed", [new PciRegister("0000:00:02.0", 16, [0, 192])]),
            cancellation
        );
        Assert.That(
            _guest.Commands[^1],
            Is.EqualTo(@"/usr/lib/pstorelab/agent awake 1 seed 0000:00:02.0 16 '\000\300'")
        );
    }

    [Test]
    public async Task Who_leaves_the_guest_has_no_connection_any_more(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        await _agent.LeaveAsync(cancellation);
        Assert.That(_guest.Open, Is.Zero);
        Assert.That(
            () => _agent.AskAsync(new AgentRequest.Mount(null), cancellation),
            Throws.InvalidOperationException
        );
        Assert.That(await _agent.ReadyAsync(cancellation), Is.EqualTo("6.1.0-50-amd64"));
    }

    [Test]
    public void A_guest_that_is_not_ready_is_not_asked(CancellationToken cancellation) =>
        Assert.That(
            () => _agent.AskAsync(new AgentRequest.Mount(null), cancellation),
            Throws.InvalidOperationException
        );

    [Test]
    public async Task An_answer_is_the_bytes_that_were_printed(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        _guest.Answer = async (_, output, _, token) =>
        {
            await output.WriteAsync(new byte[] { 0, 255, 10 }, token);
            return 0;
        };
        Assert.That(
            await _agent.AskAsync(new AgentRequest.InspectSystemd(), cancellation),
            Is.EqualTo(new byte[] { 0, 255, 10 })
        );
    }

    [Test]
    public async Task A_request_that_failed_is_told_in_the_guests_words(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        _guest.Answer = async (_, _, error, token) =>
        {
            await error.WriteAsync("no such \x1bthing\n"u8.ToArray(), token);
            return 2;
        };
        Assert.That(
            () => _agent.AskAsync(new AgentRequest.Erase("*"), cancellation),
            Throws
                .TypeOf<GuestFaultException>()
                .With.Message.EqualTo(@"the guest could not `erase *`: no such \x1bthing")
        );
    }

    [Test]
    public async Task An_answer_without_an_end_is_ended_here(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        _guest.Answer = async (_, output, _, token) =>
        {
            for (byte[] megabyte = new byte[1 << 20]; ; await output.WriteAsync(megabyte, token))
                token.ThrowIfCancellationRequested();
        };
        Assert.That(
            () => _agent.AskAsync(new AgentRequest.InspectSystemd(), cancellation),
            Throws
                .TypeOf<GuestFaultException>()
                .With.Message.EqualTo("the guest's answer to `inspect` is longer than 64 MiB and was not taken")
        );
    }

    [Test]
    public async Task What_a_command_says_of_its_failure_is_told_in_short(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        _guest.Answer = async (_, _, error, token) =>
        {
            await error.WriteAsync(Enumerable.Repeat((byte)'x', 1 << 20).ToArray(), token);
            return 2;
        };
        Assert.That(
            () => _agent.AskAsync(new AgentRequest.InspectSystemd(), cancellation),
            Throws.TypeOf<GuestFaultException>().With.Message.Length.LessThan(5 << 10)
        );
    }

    [Test]
    public async Task A_connection_that_is_lost_is_the_reason_only_when_the_wait_is_over(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        _guest.Answer = (_, _, _, _) => throw new InfraException("the connection was lost");
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asked = _agent.AskAsync(new AgentRequest.InspectSystemd(), wait.Token);
        await Task.Delay(300, cancellation);
        Assert.That(asked.IsCompleted, Is.False);
        await wait.CancelAsync();
        Assert.That(
            async () => await asked,
            Throws.TypeOf<InfraException>().With.Message.EqualTo("the connection was lost")
        );
    }

    [Test]
    public async Task A_request_that_kills_the_guest_is_not_waited_for_and_ends_with_the_connection(
        CancellationToken cancellation
    )
    {
        await _agent.ReadyAsync(cancellation);
        var ended = new TaskCompletionSource();
        _guest.Answer = async (_, _, _, token) =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            finally
            {
                ended.SetResult();
            }

            return 0;
        };
        await _agent.SendAsync(new AgentRequest.Trigger("sysrq c"), cancellation);
        Assert.That(
            (_guest.Commands[^1], ended.Task.IsCompleted),
            Is.EqualTo(("/usr/lib/pstorelab/agent sysrq c", false))
        );
        await _agent.DisposeAsync();
        Assert.That((ended.Task.IsCompleted, _guest.Open), Is.EqualTo((true, 0)));
        _agent = new SshAgent(_guest, FakeGuest.Host, TimeProvider.System, Path.Combine(_scratch.Path, "another.log"));
    }

    [Test]
    public async Task A_guest_that_comes_up_again_is_connected_to_anew(CancellationToken cancellation)
    {
        await _agent.ReadyAsync(cancellation);
        _guest.Answer = (_, _, _, _) => throw new InfraException("the connection was lost");
        await _agent.SendAsync(new AgentRequest.Trigger("sysrq c"), cancellation);
        _guest.Answer = FakeGuest.Ready;
        Assert.That(await _agent.ReadyAsync(cancellation), Is.EqualTo("6.1.0-50-amd64"));
        Assert.That((_guest.Connections, _guest.Open), Is.EqualTo((2, 1)), "the first has ended");
    }

    [Test]
    public async Task A_guest_that_is_not_up_yet_is_waited_for(CancellationToken cancellation)
    {
        _guest.IsUp = false;
        var ready = _agent.ReadyAsync(cancellation);
        await Task.Delay(300, cancellation);
        Assert.That((ready.IsCompleted, _guest.Connections), Is.EqualTo((false, 0)));
        _guest.IsUp = true;
        Assert.That(await ready, Is.EqualTo("6.1.0-50-amd64"));
    }

    [Test]
    public void A_wait_for_a_guest_that_never_comes_can_be_ended()
    {
        _guest.IsUp = false;
        using var wait = new CancellationTokenSource(300);
        Assert.That(() => _agent.ReadyAsync(wait.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>A guest that is up or not, and connections to it that are none.</summary>
    private sealed class FakeGuest : IRemoteClient
    {
        private static readonly SshKey Key = new("/none", "ssh-ed25519 none");

        public static RemoteHost Host { get; } = new(1, "root", Key, Key);

        public bool IsUp { get; set; } = true;

        public List<string> Commands { get; } = [];

        public int Connections { get; private set; }

        public int Open { get; private set; }

        public Func<string, Stream, Stream, CancellationToken, Task<int>> Answer { get; set; } = Ready;

        public static async Task<int> Ready(string command, Stream output, Stream error, CancellationToken cancellation)
        {
            await output.WriteAsync("6.1.0-50-amd64\n"u8.ToArray(), cancellation);
            return 0;
        }

        public Task<IRemoteSession> ConnectAsync(RemoteHost host, TimeSpan limit, CancellationToken cancellation)
        {
            if (!IsUp)
                throw new UnreachableException("the guest is not up");
            Connections++;
            Open++;
            return Task.FromResult<IRemoteSession>(new Session(this));
        }

        private sealed class Session(FakeGuest guest) : IRemoteSession
        {
            public RemoteHost Host => FakeGuest.Host;

            public Task<int> RunAsync(RemoteCommand command, CancellationToken cancellation)
            {
                guest.Commands.Add(command.Text);
                return guest.Answer(command.Text, command.Output!, command.Error!, cancellation);
            }

            public ValueTask DisposeAsync()
            {
                guest.Open--;
                return ValueTask.CompletedTask;
            }
        }
    }
}
