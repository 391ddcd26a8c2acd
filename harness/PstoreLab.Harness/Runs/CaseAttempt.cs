using System.Security.Cryptography;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Takes one attempt at a case from its images to its judgement.</summary>
/// <param name="checkpoints">What may stand for boots; null for nothing.</param>
/// <param name="watch">Receives what attempts do; null for nobody.</param>
public sealed class CaseAttempt(
    IProcessRunner runner,
    Func<IMachine, string> qemu,
    ICaseImages images,
    GuestSlots slots,
    Accelerator accelerator,
    ICheckpoints? checkpoints,
    RunFolder run,
    TimeProvider time,
    IRunWatch? watch = null
)
{
    private readonly FinishedCases _finished = new();

    public Accelerator Accelerator => accelerator;

    /// <summary>Plans the case anew and does all of it.</summary>
    /// <param name="shares">Whether it may start after the steps that it shares with a case that has ended.</param>
    /// <param name="freshBoots">Whether no checkpoint may stand for a boot.</param>
    /// <param name="admitted">Called when the case has a place to run.</param>
    internal Task<Tried> TryAsync(
        Case @case,
        bool shares,
        bool freshBoots,
        Action admitted,
        CancellationToken cancellation
    ) =>
        GuardAsync(
            @case,
            done => PlanAndRunAsync(@case, shares, freshBoots ? null : checkpoints, admitted, done, cancellation),
            cancellation
        );

    /// <summary>The key of the steps that it shares with others; null where it has none, or no plan.</summary>
    internal async Task<string?> SharedKeyAsync(Case @case, CancellationToken cancellation)
    {
        try
        {
            return SharedSteps.Of(@case, await PlanAsync(@case, freshBoots: false, cancellation))?.Key;
        }
        catch (Exception)
        {
            // Whose fault it is, its own attempt says.
            return null;
        }
    }

    /// <summary>Lets later cases start after the steps that they share with one that has ended.</summary>
    internal void Share(Case @case, Plan plan)
    {
        if (SharedSteps.Of(@case, plan) is { } steps)
            _finished.Add(steps, run.Case(@case.Id));
    }

    /// <summary>Does the boot again in which the guest of an attempt failed, over the store that it had.</summary>
    /// <param name="previous">Where that attempt's evidence lies now.</param>
    internal async Task<Tried> RepeatAsync(
        Case @case,
        Tried failed,
        CaseFolder previous,
        Action admitted,
        CancellationToken cancellation
    )
    {
        var tried = await GuardAsync(
            @case,
            async done =>
            {
                var plan = done.Plan = failed.Plan!;
                using var slot = await slots.TakeAsync(plan.MemoryMiB, cancellation);
                admitted();
                var before = FirstSteps.Before(failed.Chance!, plan, failed.Cycle!, previous);
                // Nothing but the product is to be suspected.
                return await RunAsync(@case, before, restored: null, done, cancellation);
            },
            cancellation
        );
        return tried with { IsRepetition = true };
    }

    private StateBudget Budget => new(accelerator.Scale);

    private string QemuOf(Plan plan) => qemu(MachineCatalogue.Get(plan.Machine));

    private async Task<Judgement> PlanAndRunAsync(
        Case @case,
        bool shares,
        ICheckpoints? restored,
        Action admitted,
        Done done,
        CancellationToken cancellation
    )
    {
        var plan = done.Plan = await PlanAsync(@case, freshBoots: restored is null, cancellation);
        using var slot = await slots.TakeAsync(
            plan.MemoryMiB,
            cancellation,
            isRestored: restored is not null && plan.IsRestorable
        );
        admitted();
        var shared = shares && SharedSteps.Of(@case, plan) is { } steps ? _finished.Find(steps) : null;
        if (shared is not null)
            done.Plan = shared.ContinuedBy(plan);
        var reserved = restored is null ? null : new ReservedCheckpoints(restored, slot);
        return await RunAsync(@case, shared, reserved, done, cancellation);
    }

    private async Task<Plan> PlanAsync(Case @case, bool freshBoots, CancellationToken cancellation) =>
        Planner.Plan(
            @case,
            await images.ForAsync(@case, cancellation),
            accelerator.Name,
            FreshNonce,
            freshBoots: freshBoots
        );

    /// <param name="before">The steps that were carried out already; null for none.</param>
    private async Task<Judgement> RunAsync(
        Case @case,
        FirstSteps? before,
        ICheckpoints? restored,
        Done done,
        CancellationToken cancellation
    )
    {
        var plan = done.Plan!;
        var folder = run.Case(@case.Id);
        using var watched = watch?.Begin(@case.Id, folder);
        await Staging.PrepareAsync(plan, folder, cancellation);
        await File.WriteAllTextAsync(folder.Repro, ReproScript.Write(plan), cancellation);
        var start = before is null ? null : await before.PutIntoAsync(folder, cancellation);
        await using (
            var cycle = new CrashCycle(
                runner,
                QemuOf(plan),
                Budget,
                time,
                plan,
                folder,
                start,
                restored,
                watched is null ? null : watched.Entered
            )
        )
            done.Cycle = await cycle.RunAsync(cancellation) with { IsSealed = true };
        await EvidenceJson.WriteAsync(folder.Cycle, done.Cycle, cancellation);
        await EvidenceSeal.WriteAsync(plan, folder, cancellation);
        var judgement = Judge.Of(folder);
        await EvidenceJson.WriteAsync(folder.Verdict, judgement, cancellation);
        return judgement;
    }

    private async Task<Tried> GuardAsync(
        Case @case,
        Func<Done, Task<Judgement>> carryOut,
        CancellationToken cancellation
    )
    {
        var done = new Done();
        Judgement judgement;
        try
        {
            judgement = await carryOut(done);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            judgement = Blamed(@case, fault);
        }

        return new Tried(judgement, done.Plan, done.Cycle);
    }

    /// <summary>
    /// Gives every fault the verdict of those whose fault it is. What nobody expected is ours, and this case's alone.
    /// </summary>
    internal Judgement Blamed(Case @case, Exception fault)
    {
        var folder = run.Case(@case.Id);
        switch (fault)
        {
            case UsageException:
                return new Judgement(Verdict.Error, fault.Message, []);
            case UnsupportedException:
                return new Judgement(Verdict.Unsupported, fault.Message, []);
            case LabException:
                return new Judgement(Verdict.Infra, fault.Message, []);
            case IOException or UnauthorizedAccessException:
                return new Judgement(
                    Verdict.Infra,
                    $"the evidence cannot be kept in {folder.Root}: {fault.Message}",
                    []
                );
            default:
                InternalFault.Keep(fault, folder);
                return InternalFault.Judgement(fault, folder);
        }
    }

    private static string FreshNonce() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>How far an attempt came, whatever has ended it.</summary>
    private sealed class Done
    {
        public Plan? Plan { get; set; }

        public CycleLog? Cycle { get; set; }
    }
}
