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
public sealed class CaseAttempt(
    IProcessRunner runner,
    Func<IMachine, string> qemu,
    ICaseImages images,
    GuestSlots slots,
    Accelerator accelerator,
    ICheckpoints? checkpoints,
    RunFolder run,
    TimeProvider time
)
{
    private readonly SharedBeginnings _beginnings = new();

    public Accelerator Accelerator => accelerator;

    /// <summary>Plans the case anew and does all of it.</summary>
    /// <param name="shares">Whether it may continue the first steps of another case.</param>
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
                var folder = await StageAsync(@case, plan, cancellation);
                var start = new Repetition(plan, failed.Cycle!, failed.Chance!).Prepare(previous, folder);
                return await RunAsync(
                    // Nothing but the product is to be suspected.
                    new CrashCycle(runner, QemuOf(plan), Budget, time, plan, folder, start),
                    folder,
                    done,
                    cancellation
                );
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
        var booted = await images.ForAsync(@case, cancellation);
        var plan = done.Plan = Planner.Plan(@case, booted, accelerator.Name, FreshNonce, freshBoots: restored is null);
        var beginning = shares ? Beginning.Of(@case, plan) : null;
        using var pioneer = beginning is null ? null : new Pioneer(beginning.Key);
        var begun = pioneer is null ? null : await _beginnings.FindAsync(pioneer, cancellation);
        if (begun is not null)
            plan = done.Plan = Planner.Plan(
                @case,
                booted,
                accelerator.Name,
                NoncesAfter(begun.Nonces),
                freshBoots: restored is null
            );
        using var slot = await slots.TakeAsync(
            plan.MemoryMiB,
            cancellation,
            isRestored: restored is not null && plan.IsRestorable
        );
        admitted();
        var folder = await StageAsync(@case, plan, cancellation);
        begun?.CopyTo(folder);
        var start = begun is null ? null : new CycleStart(begun.Case, beginning!.Steps, begun.Log);
        var reserved = restored is null ? null : new ReservedCheckpoints(restored, slot);
        var cycle = new CrashCycle(runner, QemuOf(plan), Budget, time, plan, folder, start, reserved)
        {
            Milestone = pioneer is null || begun is not null ? null : (beginning!.Steps, Tell),
        };
        return await RunAsync(cycle, folder, done, cancellation);

        void Tell(CycleLog log) =>
            pioneer.Tell(done.Left = new Begun(@case.Id, beginning!.Nonces, plan.Others, folder, log));
    }

    private async Task<CaseFolder> StageAsync(Case @case, Plan plan, CancellationToken cancellation)
    {
        var folder = run.Case(@case.Id);
        await Staging.PrepareAsync(plan, folder, cancellation);
        await File.WriteAllTextAsync(folder.Repro, ReproScript.Write(plan), cancellation);
        return folder;
    }

    private static async Task<Judgement> RunAsync(
        CrashCycle cycle,
        CaseFolder folder,
        Done done,
        CancellationToken cancellation
    )
    {
        await using (cycle)
            done.Cycle = await cycle.RunAsync(cancellation) with { IsSealed = true };
        await EvidenceJson.WriteAsync(folder.Cycle, done.Cycle, cancellation);
        await EvidenceSeal.WriteAsync(done.Plan!, folder, cancellation);
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

        return new Tried(judgement, done.Plan, done.Cycle, done.Left);
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

    private static Func<string> NoncesAfter(IReadOnlyList<string> first)
    {
        int given = 0;
        return () => given < first.Count ? first[given++] : FreshNonce();
    }

    /// <summary>How far an attempt came, whatever has ended it.</summary>
    private sealed class Done
    {
        public Plan? Plan { get; set; }

        public CycleLog? Cycle { get; set; }

        public Begun? Left { get; set; }
    }
}
