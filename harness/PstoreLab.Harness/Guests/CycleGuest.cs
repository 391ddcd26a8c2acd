using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// The guest of a cycle, in one QEMU after another: which state it is in, and waits for what comes of it, none longer
/// than the state may last.
/// </summary>
/// <param name="begun">What was done already by another cycle; null for nothing.</param>
/// <param name="entered">Called with each state that is entered, and its boot.</param>
/// <param name="user">Who is at its console; null for nobody.</param>
internal sealed class CycleGuest(
    IProcessRunner runner,
    IMachine machine,
    string qemu,
    StateBudget budget,
    TimeProvider time,
    CaseFolder folder,
    CycleLog? begun,
    Action<CycleState, BootNumber>? entered = null,
    IConsoleUser? user = null
)
{
    private readonly CycleStateMachine _states = new(time, begun?.Transitions);
    private readonly GuestClock _clock = new(time);
    private GuestMachine? _machine;
    private Checkpoint? _checkpoint;

    /// <summary>Number of its boot, from 1; 0 before the first.</summary>
    public BootNumber Boot { get; private set; } = new(begun?.Boots.Count ?? 0);

    /// <summary>Whether it is a systemd guest.</summary>
    public bool HasSystemd { get; private set; }

    /// <summary>Whether QEMU ends when it resets.</summary>
    public bool ExitsOnReset { get; private set; }

    /// <summary>Ends when the guest can do nothing more: with QEMU, or at a reset that is held.</summary>
    public Task Over => ExitsOnReset ? Machine.Exit : Task.WhenAny(Machine.Exit, Machine.Reset.Happened);

    public GuestMachine Machine => _machine ?? throw new InvalidOperationException("no guest runs");

    public IReadOnlyList<Transition> Transitions => _states.Transitions;

    /// <summary>
    /// Why a console of a guest that has ended was not kept whole, with what a person asks next; null where all are.
    /// </summary>
    public string? ConsoleLoss { get; private set; }

    public void Enter(CycleState state)
    {
        _states.Enter(state);
        entered?.Invoke(state, Boot);
    }

    /// <summary>Ends QEMU if it still runs, and looks for what stands for the next boot.</summary>
    public async Task RestoreAsync(BootNumber boot)
    {
        await EndAsync();
        Boot = boot;
        Enter(CycleState.Restoring);
    }

    /// <summary>Starts QEMU for a boot, in place of one that may still run.</summary>
    /// <param name="checkpoint">The one that stands for the boot; null for a machine that boots.</param>
    public async Task PowerOnAsync(PlannedBoot boot, PowerOn on, Checkpoint? checkpoint, CancellationToken cancellation)
    {
        if (_states.State != CycleState.Restoring)
            await EndAsync();
        ExitsOnReset = on.ExitsOnReset;
        HasSystemd = on.Systemd is not null;
        EnterBoot(boot.Number);
        _checkpoint = checkpoint;
        _machine = await ForHostAsync(
            checkpoint is null ? "QEMU to connect its channels" : "QEMU to restore a checkpoint",
            async token =>
                await GuestMachine.StartAsync(
                    runner,
                    machine,
                    qemu,
                    checkpoint is null
                        ? on.Machine
                        : on.MachineWith(new KeptMemory(machine, checkpoint.Folder, IsShared: false), boot.Cpus),
                    folder,
                    boot.Number,
                    await new AgentLines(runner, machine, folder, time).PrepareAsync(
                        on,
                        boot.Number,
                        checkpoint,
                        token
                    ),
                    checkpoint,
                    token,
                    user
                ),
            cancellation
        );
        user?.Started(boot.Number);
    }

    /// <summary>Has the machine stand still at its next reset, where QEMU does not end with it.</summary>
    public Task HoldResetAsync(CancellationToken cancellation) =>
        ExitsOnReset
            ? Task.CompletedTask
            : ForHostAsync("QEMU to prepare for a reset", Machine.Reset.HoldAsync, cancellation);

    /// <summary>Lets a machine that stands still at a reset boot.</summary>
    public async Task WarmBootAsync(BootNumber boot, CancellationToken cancellation)
    {
        EnterBoot(boot);
        await ForHostAsync("QEMU to reset the machine", Machine.Reset.ReleaseAsync, cancellation);
    }

    private void EnterBoot(BootNumber boot)
    {
        Boot = boot;
        Directory.CreateDirectory(folder.Boot(boot).Root);
        Enter(CycleState.Booting);
    }

    /// <summary>Waits for its agent; returns what <c>uname -r</c> says.</summary>
    public async Task<string> ReadyAsync(CancellationToken cancellation)
    {
        string release = await UndisturbedAsync("the agent to come up", Machine.Agent.ReadyAsync, cancellation);
        if (_checkpoint is { } checkpoint)
            await AskAsync(checkpoint.Awakening(_clock), cancellation);
        // A warm boot behind it is a real one.
        _checkpoint = null;
        Enter(CycleState.Ready);
        return release;
    }

    /// <summary>As <see cref="ReadyAsync"/>, of the capture kernel (crash kernel) that has booted.</summary>
    /// <param name="order">What the kernel before it died of.</param>
    public async Task<string> CaptureKernelReadyAsync(string order, CancellationToken cancellation)
    {
        // Another kernel boots in the state that this one dies in, and has more to unpack.
        string release = await BeforeResetAsync(
            $"the agent of the capture kernel after `{order}`",
            Limit + budget.Of(CycleState.Booting),
            Machine.Agent.ReadyAsync,
            cancellation
        );
        Enter(CycleState.Dumping);
        return release;
    }

    /// <summary>Sends its agent a request, or that of its capture kernel, and waits for the answer.</summary>
    public Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation) =>
        _states.State == CycleState.Dumping
            ? BeforeResetAsync(
                $"the capture kernel's answer to `{request}`",
                Limit,
                token => Machine.Agent.AskAsync(request, token),
                cancellation
            )
            : UndisturbedAsync(
                $"the answer to `{request}`",
                token => Machine.Agent.AskAsync(request, token),
                cancellation
            );

    /// <inheritdoc cref="StateWait.UndisturbedAsync"/>
    public Task<T> UndisturbedAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    ) => new StateWait(Limit, time).UndisturbedAsync(what, Machine, Boot, operation, cancellation);

    /// <inheritdoc cref="UndisturbedAsync{T}"/>
    public Task UndisturbedAsync(
        string what,
        Func<CancellationToken, Task> operation,
        CancellationToken cancellation
    ) =>
        UndisturbedAsync(
            what,
            async token =>
            {
                await operation(token);
                return true;
            },
            cancellation
        );

    /// <inheritdoc cref="StateWait.WithinAsync"/>
    public Task<T> WithinAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    ) => new StateWait(Limit, time).WithinAsync(what, operation, cancellation);

    /// <inheritdoc cref="WithinAsync{T}"/>
    public Task WithinAsync(string what, Func<CancellationToken, Task> operation, CancellationToken cancellation) =>
        WithinAsync(
            what,
            async token =>
            {
                await operation(token);
                return true;
            },
            cancellation
        );

    /// <inheritdoc cref="StateWait.ForHostAsync"/>
    public Task ForHostAsync(string what, Func<CancellationToken, Task> operation, CancellationToken cancellation) =>
        ForHostAsync(
            what,
            async token =>
            {
                await operation(token);
                return true;
            },
            cancellation
        );

    /// <inheritdoc cref="StateWait.ForHostAsync"/>
    public Task<T> ForHostAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    ) => new StateWait(Limit, time).ForHostAsync(what, operation, cancellation);

    /// <summary>Ends QEMU if it still runs.</summary>
    public async Task EndAsync()
    {
        if (_machine is not null)
            await _machine.DisposeAsync();
        // Only now all lines have come.
        if (_machine?.AnyConsoleLoss is { } loss)
            ConsoleLoss ??= Describe(new InfraException(loss));
        _machine = null;
        if (_states.State != CycleState.Off)
            Enter(CycleState.Off);
    }

    /// <summary>
    /// A fault with what a person asks next: in which state, what was seen last, and where to look.
    /// </summary>
    public string Describe(Exception fault)
    {
        string last = _machine?.Console.LastLine is { Length: > 0 } line
            ? $"the console's last line was \"{StateWait.Shown(line)}\""
            : "the console is empty";
        return $"{_states.State} (boot {Boot}): {fault.Message}; {last}; see {folder.Boot(Boot).Root}";
    }

    private TimeSpan Limit => budget.Of(_states.State, HasSystemd);

    /// <summary>
    /// Waits for something of a capture kernel. A guest that resets before has not finished to die.
    /// </summary>
    private async Task<T> BeforeResetAsync<T>(
        string what,
        TimeSpan limit,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reset = Machine.Reset.WaitAsync(stop.Token);
        try
        {
            return await new StateWait(limit, time).WithinAsync(
                what,
                async token =>
                {
                    var wanted = operation(token);
                    if (await Task.WhenAny(wanted, reset) == wanted)
                        return await wanted;
                    // Or QEMU has ended by itself, which is no fault of the guest.
                    await reset;
                    throw new GuestFaultException(
                        GuestFaultKind.Unfinished,
                        $"a capture kernel was loaded, and the guest reset while the harness waited for {what}"
                    );
                },
                cancellation
            );
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
