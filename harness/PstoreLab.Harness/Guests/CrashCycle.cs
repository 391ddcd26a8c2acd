using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Carries out a plan: <c>Booting → Ready → Armed → Crashing → Committed → Booting → Ready …</c>. It judges nothing;
/// it leaves evidence in the case folder. One object per attempt.
/// </summary>
public sealed class CrashCycle : ICycle, IAsyncDisposable
{
    private readonly Plan _plan;
    private readonly CaseFolder _folder;
    private readonly ICheckpoints? _checkpoints;
    private readonly IConsoleUser? _user;
    private readonly int _first;
    private readonly ObservedCycle _observed;
    private readonly HostStores _stores;
    private readonly CycleGuest _guest;
    private readonly DyingGuest _dying;
    private readonly PowerFailure _power;
    private PlannedBoot _boot;

    /// <param name="qemu">The QEMU program.</param>
    /// <param name="folder">A case folder that is staged for the plan.</param>
    /// <param name="start">What was done already, with its evidence in the folder; null to begin with the first
    /// step.</param>
    /// <param name="checkpoints">What may stand for boots; null for nothing.</param>
    /// <param name="entered">Called with each state that is entered, and its boot.</param>
    /// <param name="user">Who has the guest's shell behind the last step; null for nobody.</param>
    public CrashCycle(
        IProcessRunner runner,
        string qemu,
        StateBudget budget,
        TimeProvider time,
        Plan plan,
        CaseFolder folder,
        CycleStart? start = null,
        ICheckpoints? checkpoints = null,
        Action<CycleState, BootNumber>? entered = null,
        IConsoleUser? user = null
    )
    {
        _checkpoints = checkpoints;
        _plan = plan;
        _folder = folder;
        _first = start?.Steps ?? 0;
        _boot = plan.Boots[0];
        _observed = new ObservedCycle(start?.Log);
        _stores = new HostStores(plan, folder, time);
        _guest = new CycleGuest(
            runner,
            MachineCatalogue.Get(plan.Machine),
            qemu,
            budget,
            time,
            folder,
            start?.Log,
            entered,
            user
        );
        _user = user;
        _dying = new DyingGuest(_guest, time);
        _power = new PowerFailure(_guest, folder.Store, _observed, time);
    }

    /// <summary>
    /// Runs the whole plan. A fault of the machine or of the product is in the log that comes back, not thrown.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<CycleLog> RunAsync(CancellationToken cancellation)
    {
        (PlannedBoot Boot, PlanStep Step)[] steps = [.. _plan.StepsWithBoots()];
        int at = _first;
        try
        {
            for (; at < steps.Length; at++)
            {
                _boot = steps[at].Boot;
                await steps[at].Step.CarryOutAsync(this, cancellation);
            }

            if (_user is not null)
                await new GuestShell(_guest, _boot, _user).StayAsync(cancellation);
        }
        catch (GuestFaultException fault) when (!cancellation.IsCancellationRequested)
        {
            return await EndAsync(steps[at].Step, fault);
        }
        catch (Exception fault) when (fault is InfraException or IOException && !cancellation.IsCancellationRequested)
        {
            return await EndAsync(CycleEnding.Infra, _guest.Describe(fault));
        }
        finally
        {
            await _guest.EndAsync();
        }

        cancellation.ThrowIfCancellationRequested();
        return Log(CycleEnding.Completed, null);
    }

    public async ValueTask DisposeAsync() => await _guest.EndAsync();

    PlannedBoot ICycle.Boot => _boot;

    bool ICycle.HasSystemd => _guest.HasSystemd;

    void ICycle.Enter(CycleState state) => _guest.Enter(state);

    async Task ICycle.PowerOnAsync(PowerOn on, CancellationToken cancellation)
    {
        bool isRestored = _checkpoints is not null && await RestoreAsync(_checkpoints, on, cancellation);
        if (!isRestored)
            await _guest.PowerOnAsync(_boot, on, null, cancellation);
        await ReadyAsync(isRestored, cancellation);
    }

    async Task ICycle.WarmBootAsync(CancellationToken cancellation)
    {
        await _guest.WarmBootAsync(_boot.Number, cancellation);
        await ReadyAsync(isRestored: false, cancellation);
    }

    Task<byte[]> ICycle.AskAsync(AgentRequest request, CancellationToken cancellation) =>
        _guest.AskAsync(request, cancellation);

    Task ICycle.SendAsync(AgentRequest request, CancellationToken cancellation) =>
        _guest.Machine.Agent.SendAsync(request, cancellation);

    void ICycle.Registered(string backend) => _observed.Registered(backend);

    Task ICycle.DieAsync(Crash crash, CancellationToken cancellation) =>
        _dying.CrashAsync(crash, _observed.Release, cancellation);

    Task ICycle.SurviveAsync(Oops oops, CancellationToken cancellation) => _dying.OopsAsync(oops, cancellation);

    Task ICycle.CutPowerAsync(CutPower cut, CancellationToken cancellation) => _power.CutAsync(cut, cancellation);

    async Task ICycle.RebootAsync(string what, CancellationToken cancellation)
    {
        await _guest.HoldResetAsync(cancellation);
        await _guest.Machine.Agent.SendAsync(new AgentRequest.Reset(), cancellation);
        await _guest.WithinAsync(what, _guest.Machine.Reset.WaitAsync, cancellation);
    }

    async Task ICycle.PowerOffAsync(AgentRequest? request, CancellationToken cancellation)
    {
        if (request is null)
        {
            await _guest.Machine.QuitAsync(cancellation);
            await _guest.ForHostAsync("QEMU to end", _guest.Machine.Exit.WaitAsync, cancellation);
        }
        else
        {
            await _guest.Machine.Agent.SendAsync(request, cancellation);
            await _guest.WithinAsync("the guest to power off", _guest.Machine.Exit.WaitAsync, cancellation);
        }
    }

    async Task ICycle.CommitAsync(CrashEnd end, CancellationToken cancellation)
    {
        if (_guest.ExitsOnReset && end == CrashEnd.Reset)
            await _guest.ForHostAsync(
                "QEMU to end after the guest's reset",
                _guest.Machine.Exit.WaitAsync,
                cancellation
            );
        _guest.Enter(CycleState.Committed);
        // A machine that has a warm boot ahead stands still.
        if (_plan.Boots.ElementAtOrDefault(_boot.Number.Value) is not { IsWarm: true })
            await _guest.EndAsync();
        await _stores.KeepAsync(_boot.Number, cancellation);
    }

    Task ICycle.AwaitStoreAsync(string nonce, int records, TimeSpan limit, CancellationToken cancellation) =>
        _stores.HoldsAsync(nonce, records, limit, _boot, cancellation);

    async Task ICycle.DamageAsync(int number, Damage damage, CancellationToken cancellation)
    {
        await _guest.EndAsync();
        await _stores.DamageAsync(number, damage, _boot, cancellation);
    }

    Task ICycle.KeepStoresAsync(CancellationToken cancellation) => _stores.KeepAsync(_boot.Number, cancellation);

    async Task ICycle.KeepInspectionAsync(InspectionNumber number, byte[] answer, CancellationToken cancellation)
    {
        if (_guest.HasSystemd)
            // What loads the backend there may have done so only after the guest had answered.
            _observed.Registered(await SystemdSnapshot.KeepAsync(answer, _folder, number, cancellation));
        else
            RecordSnapshot.Unpack(answer, _folder.Records(number));
        _observed.Inspected(number);
        await _stores.KeepShownAsync(number, _boot, cancellation);
    }

    Task ICycle.KeepRunAsync(int number, byte[] answer, CancellationToken cancellation) =>
        File.WriteAllBytesAsync(_folder.Run(number), answer, cancellation);

    void ICycle.KeepVmcore(byte[] answer) => RecordSnapshot.Unpack(answer, _folder.Boot(_boot.Number).Vmcore);

    /// <summary>
    /// Restores a checkpoint if there is one for this store; one that QEMU does not take is none.
    /// </summary>
    /// <returns>Whether it did.</returns>
    private async Task<bool> RestoreAsync(ICheckpoints checkpoints, PowerOn on, CancellationToken cancellation)
    {
        await _guest.RestoreAsync(_boot.Number);
        if (await checkpoints.FindAsync(_plan, _boot, on, cancellation) is not { } checkpoint)
            return false;
        try
        {
            if (_boot.IsFirst)
                await _stores.PutAsync(checkpoint, cancellation);
            var restored = on.Start!.TakesVariables
                ? await _stores.WithVariablesAsync(checkpoint, _boot.Number, cancellation)
                : checkpoint;
            if (restored is not null)
            {
                await _guest.PowerOnAsync(_boot, on, restored, cancellation);
                return true;
            }
        }
        catch (InfraException e)
        {
            await checkpoints.DiscardAsync(checkpoint, e.Message, cancellation);
        }
        finally
        {
            _stores.ForgetVariables(_boot.Number);
        }

        if (_boot.IsFirst)
            await _stores.EmptyAsync(cancellation);
        return false;
    }

    private async Task ReadyAsync(bool isRestored, CancellationToken cancellation)
    {
        string release = await _guest.ReadyAsync(cancellation);
        _observed.CameUp(_boot.Number, _boot.Kernel, release, isRestored);
        string expected = _plan.Kernels.First(known => known.Name == _boot.Kernel).Release;
        if (release != expected)
            throw new InfraException(
                $"boot {_boot.Number} runs {release} where {_boot.Kernel} is {expected}; the kernel cache is damaged: "
                    + "`pstorelab images prune` and try again"
            );
    }

    /// <summary>
    /// The end of a cycle whose guest failed at a step. A report in which pstore stands is the product's whatever was
    /// done.
    /// </summary>
    private Task<CycleLog> EndAsync(PlanStep step, GuestFaultException fault)
    {
        var kept = new GuestFault(
            fault.Kind,
            _boot.Number,
            _boot.Steps.ToList().IndexOf(step) + 1,
            fault.Message,
            [.. fault.Report.Select(StateWait.Shown)],
            KernelReport.IsInPstore(fault.Report)
        );
        bool ours = step.Blame(_boot) == Blame.Ours && !kept.InPstore;
        return EndAsync(ours ? CycleEnding.Infra : CycleEnding.Product, _guest.Describe(fault), ours ? null : kept);
    }

    private async Task<CycleLog> EndAsync(CycleEnding ending, string reason, GuestFault? fault = null)
    {
        await _guest.EndAsync();
        return Log(ending, reason, fault);
    }

    /// <summary>
    /// What happened. Where a console was cut there is nothing to compare with: a record would hold what the kernel
    /// never seems to have printed.
    /// </summary>
    private CycleLog Log(CycleEnding ending, string? reason, GuestFault? fault = null) =>
        _guest.ConsoleLoss is { } loss
            ? _observed.Log(CycleEnding.Infra, loss, _guest.Transitions)
            : _observed.Log(ending, reason, _guest.Transitions, fault);
}
