using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Carries out a plan: <c>Booting → Ready → Armed → Crashing → Committed → Booting → Ready …</c>. It judges nothing; it
/// leaves evidence in the case folder. One object per attempt.
/// </summary>
public sealed class CrashCycle : IAsyncDisposable
{
    private readonly Plan _plan;
    private readonly CaseFolder _folder;
    private readonly int _first;
    private readonly ObservedCycle _observed;
    private readonly HostStores _stores;
    private readonly CycleGuest _guest;
    private readonly DyingGuest _dying;
    private readonly PowerFailure _power;

    /// <param name="qemu">The QEMU program.</param>
    /// <param name="folder">A case folder that is staged for the plan.</param>
    /// <param name="start">What was done already, with its evidence in the folder; null to begin at the
    /// beginning.</param>
    public CrashCycle(
        IProcessRunner runner,
        string qemu,
        StateBudget budget,
        TimeProvider time,
        Plan plan,
        CaseFolder folder,
        CycleStart? start = null
    )
    {
        _plan = plan;
        _folder = folder;
        _first = start?.Steps ?? 0;
        _observed = new ObservedCycle(start);
        _stores = new HostStores(plan, folder, time);
        _guest = new CycleGuest(runner, MachineCatalogue.Get(plan.Machine), qemu, budget, time, folder, start?.Log);
        _dying = new DyingGuest(_guest, time);
        _power = new PowerFailure(_guest, folder.Store, _observed, time);
    }

    /// <summary>
    /// Is told what was done, and with no guest running, before the plan's step of that number; null to tell nobody.
    /// </summary>
    public (int Step, Action<CycleLog> Tell)? Milestone { private get; init; }

    /// <summary>
    /// Runs the whole plan. A fault of the machine or of the product is in the log that comes back, not thrown.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<CycleLog> RunAsync(CancellationToken cancellation)
    {
        var (ending, reason) = (CycleEnding.Completed, default(string));
        try
        {
            for (int step = _first; step < _plan.Steps.Count; step++)
            {
                if (Milestone is { } milestone && milestone.Step == step)
                {
                    await _guest.EndAsync();
                    milestone.Tell(_observed.Log(ending, reason, _guest.Transitions));
                }

                await CarryOutAsync(_plan.Steps[step], _plan.Steps.ElementAtOrDefault(step + 1), cancellation);
            }
        }
        catch (StalledCrashException stalled)
        {
            (ending, reason) = (CycleEnding.CrashStalled, _guest.Told(stalled));
        }
        catch (Exception fault) when (fault is InfraException or IOException)
        {
            (ending, reason) = (CycleEnding.Infra, _guest.Told(fault));
        }
        finally
        {
            await _guest.EndAsync();
        }

        return _observed.Log(ending, reason, _guest.Transitions);
    }

    public async ValueTask DisposeAsync() => await _guest.EndAsync();

    private Task CarryOutAsync(PlanStep step, PlanStep? next, CancellationToken cancellation) =>
        step switch
        {
            PowerOn on => PowerOnAsync(on, cancellation),
            WarmBoot again => WarmBootAsync(again, cancellation),
            Ask ask => _guest.AskAsync(ask.Request, cancellation),
            Mount mount => NoteBackendAsync(mount.Request, cancellation),
            NoteBackend => NoteBackendAsync(NoteBackend.Request, cancellation),
            Mark mark => MarkAsync(mark, cancellation),
            Crash crash => CrashAsync(crash, next, cancellation),
            KeepVmcore keep => KeepVmcoreAsync(keep, next, cancellation),
            Oops oops => _dying.OopsAsync(oops, cancellation),
            AwaitStore wait => _stores.HoldsAsync(wait, _guest.Boot, cancellation),
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
        await _guest.PowerOnAsync(on, cancellation);
        await AwaitAgentAsync(on.Boot, on.Kernel, cancellation);
    }

    private Task WarmBootAsync(WarmBoot again, CancellationToken cancellation)
    {
        _guest.EnterBoot(again.Boot);
        return AwaitAgentAsync(again.Boot, again.Kernel, cancellation);
    }

    private async Task AwaitAgentAsync(int boot, string kernel, CancellationToken cancellation)
    {
        string release = await _guest.ReadyAsync(cancellation);
        _observed.CameUp(boot, kernel, release);
        string expected = _plan.Kernels.First(known => known.Name == kernel).Release;
        if (release != expected)
            throw new InfraException(
                $"boot {boot} runs {release} where {kernel} is {expected}; the kernel cache is damaged: "
                    + "`pstorelab images prune` and try again"
            );
    }

    private async Task NoteBackendAsync(string request, CancellationToken cancellation) =>
        _observed.Registered(RecordText.FromBytes(await _guest.AskAsync(request, cancellation)).Trim());

    private async Task MarkAsync(Mark mark, CancellationToken cancellation)
    {
        await _guest.AskAsync(mark.Request, cancellation);
        _guest.Enter(CycleState.Armed);
    }

    private async Task CrashAsync(Crash crash, PlanStep? next, CancellationToken cancellation)
    {
        await _dying.CrashAsync(crash, _observed.Release, cancellation);
        if (!crash.BootsCaptureKernel)
            await CommitAsync(crash.End, next, cancellation);
    }

    private async Task KeepVmcoreAsync(KeepVmcore keep, PlanStep? next, CancellationToken cancellation)
    {
        RecordSnapshot.Unpack(await _guest.AskAsync(KeepVmcore.Request, cancellation), _folder.Boot(keep.Boot).Vmcore);
        await _guest.Machine.Agent.SendAsync("reboot", cancellation);
        await _guest.WithinAsync("the reset by the crash kernel", _guest.Machine.ResetAsync, cancellation);
        await CommitAsync(CrashEnd.Reset, next, cancellation);
    }

    private async Task CommitAsync(CrashEnd end, PlanStep? next, CancellationToken cancellation)
    {
        if (_guest.ExitsOnReset && end == CrashEnd.Reset)
            await _guest.WithinAsync(
                "QEMU to end after the guest's reset",
                _guest.Machine.Exit.WaitAsync,
                cancellation
            );
        _guest.Enter(CycleState.Committed);
        // A guest whose QEMU outlived the reset boots on by itself: it must not touch the store that the next QEMU is
        // to find.
        if (next is not WarmBoot)
            await _guest.EndAsync();
        await _stores.KeepAsync(_guest.Boot, cancellation);
    }

    private async Task DamageAsync(DamageStore damage, CancellationToken cancellation)
    {
        await _guest.EndAsync();
        await _stores.DamageAsync(damage, _guest.Boot, cancellation);
    }

    private async Task CutPowerAsync(CutPower cut, CancellationToken cancellation)
    {
        await _power.CutAsync(cut, cancellation);
        await _stores.KeepAsync(_guest.Boot, cancellation);
    }

    private async Task RebootAsync(CancellationToken cancellation)
    {
        _guest.Enter(CycleState.Restarting);
        await _guest.Machine.ForgetResetsAsync(cancellation);
        await _guest.Machine.Agent.SendAsync("reboot", cancellation);
        await _guest.WithinAsync("the reset of a healthy guest", _guest.Machine.ResetAsync, cancellation);
        await _stores.KeepAsync(_guest.Boot, cancellation);
    }

    private async Task PowerOffAsync(PowerOff off, CancellationToken cancellation)
    {
        _guest.Enter(CycleState.Restarting);
        if (off.Request is null)
            await _guest.Machine.QuitAsync(cancellation);
        else
            await _guest.Machine.Agent.SendAsync(off.Request, cancellation);
        await _guest.WithinAsync("QEMU to end", _guest.Machine.Exit.WaitAsync, cancellation);
        await _stores.KeepAsync(_guest.Boot, cancellation);
    }

    private async Task InspectAsync(Inspect inspect, CancellationToken cancellation)
    {
        byte[] archive = await _guest.AskAsync(_guest.HasSystemd ? "inspect" : "records", cancellation);
        if (_guest.HasSystemd)
            // What loads the backend there may have done so only after the guest had answered.
            _observed.Registered(await SystemdSnapshot.KeepAsync(archive, _folder, inspect.Number, cancellation));
        else
            RecordSnapshot.Unpack(archive, _folder.Records(inspect.Number));
        _observed.Inspected(inspect.Number);
        await _stores.KeepShownAsync(inspect, cancellation);
    }

    private async Task RunInGuestAsync(RunInGuest run, CancellationToken cancellation) =>
        await File.WriteAllBytesAsync(
            _folder.Run(run.Number),
            await _guest.AskAsync(run.Request, cancellation),
            cancellation
        );
}
