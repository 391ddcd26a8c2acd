using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Processes;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>Whose fault it is when a wait for a guest is over.</summary>
[CancelAfter(60_000)]
public class StateWaitTests
{
    private static readonly BootNumber Boot = new(1);

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [Test]
    public async Task A_guest_that_does_not_answer_in_time_hangs(CancellationToken cancellation)
    {
        var fault = await Assert.ThrowsAsync<GuestFaultException>(() => RunOutAsync(lost: null, cancellation));
        Assert.That((fault!.Kind, fault.Message), Is.EqualTo((GuestFaultKind.Hang, "waited 60 s for the answer")));
    }

    [Test]
    public async Task A_connection_that_was_lost_until_then_is_the_better_reason(CancellationToken cancellation)
    {
        var lost = new InfraException("the connection was lost");
        var fault = await Assert.ThrowsAsync<InfraException>(() => RunOutAsync(lost, cancellation));
        Assert.That(fault, Is.SameAs(lost));
    }

    /// <summary>Waits for an answer that never comes, until the time is over.</summary>
    /// <param name="lost">What the connection has to say then; null for nothing.</param>
    private async Task RunOutAsync(InfraException? lost, CancellationToken cancellation)
    {
        string script = _scratch.Write("vmlinux", "");
        new FakeScript(Path.Combine(_scratch.Path, "boots"), [new FakeBoot()]).Write(script);
        var folder = new CaseFolder(_scratch.Path);
        Directory.CreateDirectory(folder.Boot(Boot).Root);
        await using var guest = await GuestMachine.StartAsync(
            new ProcessRunner(),
            MachineCatalogue.Default,
            FakeLab.Qemu,
            ["-kernel", script, "-append", ""],
            folder,
            Boot,
            new SerialLine(MachineCatalogue.Default, folder.Boot(Boot).Agent),
            checkpoint: null,
            cancellation
        );
        await guest.Agent.ReadyAsync(cancellation);
        var time = new ManualTime();
        var waiting = new StateWait(TimeSpan.FromSeconds(60), time).UndisturbedAsync(
            "the answer",
            guest,
            Boot,
            async Task<bool> (token) =>
            {
                var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var over = token.Register(end.SetResult);
                await end.Task;
                throw (Exception?)lost ?? new OperationCanceledException(token);
            },
            cancellation
        );
        await Eventually.Holds("the wait", () => time.SomebodyWaits);
        time.RunOut();
        await waiting;
    }
}
