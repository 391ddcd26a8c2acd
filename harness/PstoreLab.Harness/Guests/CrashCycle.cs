using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Carries out a plan: <c>Booting → Ready → Armed → Crashing → Committed → Booting → Ready …</c>. It judges nothing; it leaves evidence in the
/// case folder. One object per attempt.
/// </summary>
public sealed class CrashCycle : IAsyncDisposable
{
    /// <summary>How long to wait for one more line of a kernel that is done with its account.</summary>
    private static readonly TimeSpan LongestTail = TimeSpan.FromSeconds(5);

    private readonly IProcessRunner _runner;
    private readonly string _qemu;
    private readonly StateBudget _budget;
    private readonly TimeProvider _time;
    private readonly Plan _plan;
    private readonly CaseFolder _folder;
    private readonly CycleStateMachine _machine;
    private readonly CycleStart? _start;
    private readonly List<ObservedBoot> _boots;
    private readonly Dictionary<int, string?> _backendAt;
    private readonly Dictionary<int, bool> _storeBegun;
    private GuestMachine? _guest;
    private int _step;
    private int _boot;
    private bool _exitsOnReset;
    private bool _systemd;

    /// <param name="qemu">The QEMU program.</param>
    /// <param name="folder">A case folder that is staged for the plan.</param>
    /// <param name="start">What was done already, with its evidence in the folder; null to begin at the beginning.</param>
    public CrashCycle(IProcessRunner runner, string qemu, StateBudget budget, TimeProvider time, Plan plan, CaseFolder folder, CycleStart? start = null)
    {
        _runner = runner;
        _qemu = qemu;
        _budget = budget;
        _time = time;
        _plan = plan;
        _folder = folder;
        _start = start;
        _boots = [.. start?.Log.Boots ?? []];
        _boot = _boots.Count;
        _backendAt = new Dictionary<int, string?>(start?.Log.BackendAt ?? new Dictionary<int, string?>());
        _storeBegun = new Dictionary<int, bool>(start?.Log.StoreBegun ?? new Dictionary<int, bool>());
        _machine = new CycleStateMachine(time, start?.Log.Transitions);
    }

    /// <summary>Is told what was done, and with no guest running, before the plan's step of that number; null to tell nobody.</summary>
    public (int Step, Action<CycleLog> Tell)? Milestone { private get; init; }

    /// <summary>Runs the whole plan. A fault of the machine or of the product is in the log that comes back, not thrown.</summary>
    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<CycleLog> RunAsync(CancellationToken cancellation)
    {
        var (ending, reason) = (CycleEnding.Completed, default(string));
        try
        {
            for (_step = _start?.Steps ?? 0; _step < _plan.Steps.Count; _step++)
            {
                if (Milestone is { } milestone && milestone.Step == _step)
                {
                    await EndGuestAsync();
                    milestone.Tell(Log(ending, reason));
                }

                await CarryOutAsync(_plan.Steps[_step], cancellation);
            }
        }
        catch (StalledCrashException stalled)
        {
            (ending, reason) = (CycleEnding.CrashStalled, Told(stalled));
        }
        catch (Exception fault) when (fault is InfraException or IOException)
        {
            (ending, reason) = (CycleEnding.Infra, Told(fault));
        }
        finally
        {
            await EndGuestAsync();
        }

        return Log(ending, reason);
    }

    public async ValueTask DisposeAsync() => await EndGuestAsync();

    private CycleLog Log(CycleEnding ending, string? reason) => new(ending, reason, [.. _boots], [.. _machine.Transitions])
    {
        BegunBy = _start?.Case,
        BackendAt = new Dictionary<int, string?>(_backendAt),
        StoreBegun = new Dictionary<int, bool>(_storeBegun),
    };

    private Task CarryOutAsync(PlanStep step, CancellationToken cancellation) => step switch
    {
        PowerOn on => PowerOnAsync(on, cancellation),
        ComeUpAgain again => ComeUpAgainAsync(again, cancellation),
        Ask ask => AskAsync(ask.Request, cancellation),
        Mount mount => NoteBackendAsync(mount.Request, cancellation),
        NoteBackend => NoteBackendAsync(NoteBackend.Request, cancellation),
        Mark mark => MarkAsync(mark, cancellation),
        Crash crash => CrashAsync(crash, cancellation),
        KeepVmcore keep => KeepVmcoreAsync(keep, cancellation),
        Oops oops => OopsAsync(oops, cancellation),
        AwaitStore wait => AwaitStoreAsync(wait, cancellation),
        DamageStore damage => DamageAsync(damage, cancellation),
        CutPower cut => CutPowerAsync(cut, cancellation),
        Reboot => RebootAsync(cancellation),
        PowerOff off => PowerOffAsync(off, cancellation),
        RunInGuest run => RunInGuestAsync(run, cancellation),
        Inspect inspect => InspectAsync(inspect, cancellation),
        _ => throw new InvalidOperationException($"no way to carry out a {step.GetType().Name}"),
    };

    private async Task PowerOnAsync(PowerOn on, CancellationToken cancellation)
    {
        await EndGuestAsync();
        _exitsOnReset = on.ExitsOnReset;
        _systemd = on.Systemd is not null;
        EnterBoot(on.Boot);
        _guest = await WithinAsync(
            "QEMU to connect its channels",
            async token => await GuestMachine.StartAsync(_runner, _qemu, on.Machine, _folder, on.Boot, await LineAsync(on, token), token),
            cancellation);
        await AwaitAgentAsync(on.Boot, on.Kernel, cancellation);
    }

    private async Task<IAgentLine> LineAsync(PowerOn on, CancellationToken cancellation)
    {
        string log = _folder.Boot(on.Boot).Agent;
        return on.Systemd is null
            ? new SerialLine(log)
            : new SshLine(RemoteClient.Available(_runner, _time)[0], await SystemdBoot.PrepareAsync(_runner, on.Systemd, _folder, on.Boot, cancellation), _time, log);
    }

    private Task ComeUpAgainAsync(ComeUpAgain again, CancellationToken cancellation)
    {
        EnterBoot(again.Boot);
        return AwaitAgentAsync(again.Boot, again.Kernel, cancellation);
    }

    private void EnterBoot(int boot)
    {
        _boot = boot;
        _machine.Enter(CycleState.Booting);
    }

    private async Task AwaitAgentAsync(int boot, string kernel, CancellationToken cancellation)
    {
        string release = await UndisturbedAsync("the agent to come up", Guest.Agent.ReadyAsync, cancellation);
        _machine.Enter(CycleState.Ready);
        _boots.Add(new ObservedBoot(boot, kernel, release, Backend: null));
        string expected = _plan.Kernels.First(known => known.Name == kernel).Release;
        if (release != expected)
            throw new InfraException($"boot {boot} runs {release} where {kernel} is {expected}; the kernel cache is damaged: `pstorelab images prune` and try again");
    }

    private Task<byte[]> AskAsync(string request, CancellationToken cancellation) => _machine.State == CycleState.Dumping
        ? BeforeResetAsync($"the crash kernel's answer to `{request}`", token => Guest.Agent.AskAsync(request, token), cancellation)
        : UndisturbedAsync($"the answer to `{request}`", token => Guest.Agent.AskAsync(request, token), cancellation);

    private async Task NoteBackendAsync(string request, CancellationToken cancellation) =>
        Note(RecordText.FromBytes(await AskAsync(request, cancellation)).Trim());

    private void Note(string backend) => _boots[^1] = _boots[^1] with { Backend = backend == "(null)" ? null : backend };

    private async Task MarkAsync(Mark mark, CancellationToken cancellation)
    {
        await AskAsync(mark.Request, cancellation);
        _machine.Enter(CycleState.Armed);
    }

    private async Task CrashAsync(Crash crash, CancellationToken cancellation)
    {
        _machine.Enter(CycleState.Crashing);
        var dying = Guest.Console.WaitForAsync(crash.Sign, cancellation);
        await Guest.ForgetResetsAsync(cancellation);
        if (crash.Cause == CrashCause.Monitor)
            await Guest.CommandAsync(crash.Request, cancellation);
        else
            await Guest.Agent.SendAsync(crash.Request, cancellation);
        try
        {
            if (crash.TakenOver)
                await AwaitCrashKernelAsync(crash.Request, cancellation);
            else
                await EndOfAsync(crash, dying, cancellation);
        }
        catch (InfraException e) when (dying.IsCompletedSuccessfully && !Guest.Exit.IsCompleted)
        {
            throw new StalledCrashException($"the kernel printed \"{crash.Sign}\" and never {Ended(crash.End)}: the harness {e.Message}");
        }

        if (!crash.TakenOver)
            await CommitAsync(crash.End, cancellation);
    }

    private async Task AwaitCrashKernelAsync(string request, CancellationToken cancellation)
    {
        string release = await BeforeResetAsync($"the agent of the crash kernel after `{request}`", Guest.Agent.ReadyAsync, cancellation);
        _machine.Enter(CycleState.Dumping);
        if (release != _boots[^1].Release)
            throw new InfraException($"the crash kernel is {release}, and {_boots[^1].Release} had loaded itself");
    }

    private async Task KeepVmcoreAsync(KeepVmcore keep, CancellationToken cancellation)
    {
        RecordSnapshot.Unpack(await AskAsync(KeepVmcore.Request, cancellation), _folder.Boot(keep.Boot).Vmcore);
        await Guest.Agent.SendAsync("reboot", cancellation);
        await WithinAsync("the reset by the crash kernel", Guest.ResetAsync, cancellation);
        await CommitAsync(CrashEnd.Reset, cancellation);
    }

    private async Task CommitAsync(CrashEnd end, CancellationToken cancellation)
    {
        if (_exitsOnReset && end == CrashEnd.Reset)
            await WithinAsync("QEMU to end after the guest's reset", token => Guest.Exit.WaitAsync(token), cancellation);
        _machine.Enter(CycleState.Committed);
        // A guest whose QEMU outlived the reset boots on by itself: it must not touch the store that the next QEMU is to find.
        if (_plan.Steps.ElementAtOrDefault(_step + 1) is not ComeUpAgain)
            await EndGuestAsync();
        await KeepStoreAsync(cancellation);
    }

    private Task EndOfAsync(Crash crash, Task dying, CancellationToken cancellation) => crash.End switch
    {
        CrashEnd.PowerOff => WithinAsync($"QEMU to end after `{crash.Request}`", token => Guest.Exit.WaitAsync(token), cancellation),
        CrashEnd.Halt => WithinAsync(
            $"the guest to stand still after `{crash.Request}`",
            async token => { await dying.WaitAsync(token); await Guest.StandstillAsync(_time, token); return true; },
            cancellation),
        _ => WithinAsync($"the reset after `{crash.Request}`", Guest.ResetAsync, cancellation),
    };

    private static string Ended(CrashEnd end) => end switch { CrashEnd.PowerOff => "switched off", CrashEnd.Halt => "stood still", _ => "reset" };

    /// <summary>Waits for something of a crash kernel. That the guest resets before is a fault of what is tested.</summary>
    private async Task<T> BeforeResetAsync<T>(string what, Func<CancellationToken, Task<T>> operation, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reset = Guest.ResetAsync(stop.Token);
        try
        {
            return await WithinAsync(
                what,
                async token =>
                {
                    var wanted = operation(token);
                    return await Task.WhenAny(wanted, reset) == wanted
                        ? await wanted
                        : throw new StalledCrashException($"a crash kernel was loaded, and the guest reset while the harness waited for {what}");
                },
                cancellation);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task OopsAsync(Oops oops, CancellationToken cancellation)
    {
        _machine.Enter(CycleState.Crashing);
        Guest.TroubleIsExpected = true;
        var over = Guest.Console.WaitForAsync(oops.Sign, cancellation);
        await AskAsync(oops.Request, cancellation);
        await UndisturbedAsync($"\"{oops.Sign}\" on the console", async token => { await over.WaitAsync(token); return true; }, cancellation);
        Guest.TroubleIsExpected = false;
        _machine.Enter(CycleState.Committed);
    }

    private Task AwaitStoreAsync(AwaitStore wait, CancellationToken cancellation) =>
        StoreWatch.HoldsAsync(
            _folder.Store, BackendCatalogue.Get(_plan.Backend).Kind, _plan.StoreOptionsOf(_boot), wait.Nonce, TimeSpan.FromSeconds(wait.Seconds), _time, cancellation);

    private async Task DamageAsync(DamageStore damage, CancellationToken cancellation)
    {
        await EndGuestAsync();
        byte[] store = await File.ReadAllBytesAsync(_folder.Store, cancellation);
        var log = StoreDamage.Apply(store, BackendCatalogue.Get(_plan.Backend).Kind, _plan.StoreOptionsOf(_boot), damage.Damage);
        await log.WriteToAsync(_folder.Store, cancellation);
        await EvidenceJson.WriteAsync(_folder.Damage(damage.Number), log, cancellation);
        await SparseCopy.CopyAsync(_folder.Store, _folder.Boot(_boot).DamagedStore, cancellation);
    }

    private async Task CutPowerAsync(CutPower cut, CancellationToken cancellation)
    {
        if (cut.Request is not null)
        {
            _machine.Enter(CycleState.Crashing);
            var shown = cut.After is null ? Task.CompletedTask : Guest.Console.WaitForAsync(cut.After, cancellation);
            var point = cut.Point is null ? Task.CompletedTask : PointAsync(cut, cut.Point, Guest.Exit, cancellation);
            await Guest.Agent.SendAsync(cut.Request, cancellation);
            await WithinAsync($"\"{cut.After}\" on the console", token => Task.WhenAny(shown, Guest.Exit).WaitAsync(token), cancellation);
            // In its last lines QEMU may be quicker than we are.
            if (!shown.IsCompleted && cut.Point is null)
                throw new InfraException($"QEMU ended before the console showed \"{cut.After}\"");
            await WithinAsync($"the point of the power cut ({cut.Point})", async token => { await point.WaitAsync(token); return true; }, cancellation);
        }
        else if (cut.After is not null)
        {
            await UndisturbedAsync($"\"{cut.After}\" on the console", async token => { await Guest.Console.WaitForAsync(cut.After, token); return true; }, cancellation);
        }

        Guest.Kill();
        await EndGuestAsync();
        await KeepStoreAsync(cancellation);
    }

    /// <summary>Ends at the point, or with the guest, which may be done before it.</summary>
    private async Task PointAsync(CutPower cut, CutPoint point, Task exit, CancellationToken cancellation)
    {
        if (point.Lines is { } lines)
            await Task.WhenAny(Guest.Console.WaitForAsync(cut.After!, cancellation, lines), exit, Task.Delay(LongestTail, _time, cancellation));
        else
            _storeBegun[cut.Number] = await StoreWatch.BeginsAsync(_folder.Store, TimeSpan.FromMicroseconds(point.Microseconds), exit, cancellation);
    }

    private async Task RebootAsync(CancellationToken cancellation)
    {
        _machine.Enter(CycleState.Restarting);
        await Guest.ForgetResetsAsync(cancellation);
        await Guest.Agent.SendAsync("reboot", cancellation);
        await WithinAsync("the reset of a healthy guest", Guest.ResetAsync, cancellation);
        await KeepStoreAsync(cancellation);
    }

    private async Task PowerOffAsync(PowerOff off, CancellationToken cancellation)
    {
        _machine.Enter(CycleState.Restarting);
        if (off.Request is null)
            await Guest.QuitAsync(cancellation);
        else
            await Guest.Agent.SendAsync(off.Request, cancellation);
        await WithinAsync("QEMU to end", token => Guest.Exit.WaitAsync(token), cancellation);
        await KeepStoreAsync(cancellation);
    }

    private async Task InspectAsync(Inspect inspect, CancellationToken cancellation)
    {
        byte[] archive = await AskAsync(_systemd ? "inspect" : "records", cancellation);
        if (_systemd)
            // What loads the backend there may have done so only after the guest had answered.
            Note(await SystemdSnapshot.KeepAsync(archive, _folder, inspect.Number, cancellation));
        else
            RecordSnapshot.Unpack(archive, _folder.Records(inspect.Number));
        _backendAt[inspect.Number] = _boots[^1].Backend;
        if (_plan.ShowsItsOwn(inspect.Boot))
            await SparseCopy.CopyAsync(_folder.Store, _folder.StoreShown(inspect.Number), cancellation);
    }

    private async Task RunInGuestAsync(RunInGuest run, CancellationToken cancellation) =>
        await File.WriteAllBytesAsync(_folder.Run(run.Number), await AskAsync(run.Request, cancellation), cancellation);

    private async Task KeepStoreAsync(CancellationToken cancellation)
    {
        await SparseCopy.CopyAsync(_folder.Store, _folder.Boot(_boot).Store, cancellation);
        foreach (var other in _plan.Others)
            await SparseCopy.CopyAsync(_folder.Other(other), _folder.Boot(_boot).Other(other), cancellation);
    }

    private GuestMachine Guest => _guest ?? throw new InvalidOperationException("no guest runs");

    // Another kernel boots in it, which has more to unpack.
    private TimeSpan Takeover => _plan.Steps[_step] is Crash { TakenOver: true } ? _budget.Of(CycleState.Booting) : TimeSpan.Zero;

    private StateWait Wait => new(_budget.Of(_machine.State, _systemd) + Takeover, _time);

    private Task<T> UndisturbedAsync<T>(string what, Func<CancellationToken, Task<T>> operation, CancellationToken cancellation) =>
        Wait.UndisturbedAsync(what, Guest, _boot, operation, cancellation);

    private Task<T> WithinAsync<T>(string what, Func<CancellationToken, Task<T>> operation, CancellationToken cancellation) =>
        Wait.WithinAsync(what, operation, cancellation);

    /// <summary>A fault with what a person asks next: in which state, what was seen last, and where to look.</summary>
    private string Told(Exception fault)
    {
        string last = _guest?.Console.LastLine is { Length: > 0 } line ? $"the console's last line was \"{StateWait.Shown(line)}\"" : "the console is empty";
        return $"{_machine.State} (boot {_boot}): {fault.Message}; {last}; see {_folder.Boot(Math.Max(1, _boot)).Root}";
    }

    private async Task EndGuestAsync()
    {
        if (_guest is not null)
            await _guest.DisposeAsync();
        _guest = null;
        if (_machine.State != CycleState.Off)
            _machine.Enter(CycleState.Off);
    }

    /// <summary>The kernel began to die and did not come to an end: the one fault of a cycle that is the product's.</summary>
    private sealed class StalledCrashException(string message) : Exception(message);
}
