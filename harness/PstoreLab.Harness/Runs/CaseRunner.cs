using System.Security.Cryptography;
using Polly;
using Polly.Retry;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Takes one case all the way from its images to its verdict. Infrastructure faults are tried again, verdicts of the
/// product never.
/// </summary>
public sealed class CaseRunner(
    IProcessRunner runner,
    Func<IMachine, string> qemu,
    ICaseImages images,
    GuestSlots slots,
    Accelerator accelerator,
    RunFolder run,
    TimeProvider time
)
{
    /// <summary>Attempts at a case whose machine, not its kernel, is at fault.</summary>
    private const int MaxAttempts = 3;

    private readonly SharedBeginnings _beginnings = new();

    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<CaseResult> RunAsync(Case @case, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var attempts = new List<Attempt>();
        var last = new Tried(new Judgement(Verdict.Infra, "never tried", []), null, null, null);
        var retry = new ResiliencePipelineBuilder<Tried> { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions<Tried>
                {
                    ShouldHandle = new PredicateBuilder<Tried>().HandleResult(tried =>
                        tried.Judgement.Verdict == Verdict.Infra
                    ),
                    MaxRetryAttempts = MaxAttempts - 1,
                    Delay = TimeSpan.FromSeconds(1),
                    BackoffType = DelayBackoffType.Exponential,
                }
            )
            .Build();
        await retry.ExecuteAsync(
            async token =>
            {
                SetAside(@case, attempts, last.Left);
                long attemptStart = time.GetTimestamp();
                // What failed once is done again from the ground up.
                bool shares = attempts.Count == 0;
                last = await TryAsync(@case, shares, () => attemptStart = time.GetTimestamp(), token);
                attempts.Add(
                    new Attempt(last.Judgement.Verdict, last.Judgement.Reason, Since(attemptStart), FolderOf(@case))
                );
                return last;
            },
            cancellation
        );
        return new CaseResult(
            @case.Id,
            last.Judgement.Verdict,
            last.Judgement.Reason,
            @case.Dimensions,
            @case.Backend,
            accelerator.Name,
            last.Plan?.Kernels ?? [],
            last.Plan is null ? [] : [.. last.Plan.Steps.OfType<Mark>().Select(mark => mark.Nonce)],
            started,
            Math.Round(attempts.Sum(attempt => attempt.Seconds), 3),
            last.Cycle?.SecondsPerState() ?? new Dictionary<string, double>(),
            attempts,
            last.Judgement.Findings,
            FolderOf(@case)
        );
    }

    private async Task<Tried> TryAsync(Case @case, bool shares, Action admitted, CancellationToken cancellation)
    {
        Plan? plan = null;
        CycleLog? cycle = null;
        Begun? left = null;
        var folder = run.Case(@case.Id);
        try
        {
            var booted = await images.ForAsync(@case, cancellation);
            plan = Planner.Plan(@case, booted, accelerator.Name, FreshNonce);
            var beginning = shares ? Beginning.Of(@case, plan) : null;
            using var pioneer = beginning is null ? null : new Pioneer(beginning.Key);
            var begun = pioneer is null ? null : await _beginnings.FindAsync(pioneer, cancellation);
            if (begun is not null)
                plan = Planner.Plan(@case, booted, accelerator.Name, NoncesAfter(begun.Nonces));
            using var slot = await slots.TakeAsync(plan.MemoryMiB, cancellation);
            admitted();
            await Staging.PrepareAsync(plan, folder, cancellation);
            await File.WriteAllTextAsync(folder.Repro, ReproScript.Write(plan), cancellation);
            begun?.CopyTo(folder);
            var start = begun is null ? null : new CycleStart(begun.Case, beginning!.Steps, begun.Log);
            cycle = await new CrashCycle(
                runner,
                qemu(MachineCatalogue.Get(plan.Machine)),
                new StateBudget(accelerator.Scale),
                time,
                plan,
                folder,
                start
            )
            {
                Milestone =
                    pioneer is null || begun is not null
                        ? null
                        : (
                            beginning!.Steps,
                            log => pioneer.Tell(left = new Begun(@case.Id, beginning.Nonces, plan.Others, folder, log))
                        ),
            }.RunAsync(cancellation);
            await EvidenceJson.WriteAsync(folder.Cycle, cycle, cancellation);
            var judgement = Judge.Of(folder);
            await EvidenceJson.WriteAsync(folder.Verdict, judgement, cancellation);
            return new Tried(judgement, plan, cycle, left);
        }
        catch (LabException fault)
        {
            var verdict = fault switch
            {
                UsageException => Verdict.Error,
                UnsupportedException => Verdict.Unsupported,
                _ => Verdict.Infra,
            };
            return new Tried(new Judgement(verdict, fault.Message, []), plan, cycle, left);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Tried(
                new Judgement(Verdict.Infra, $"the evidence cannot be kept in {folder.Root}: {fault.Message}", []),
                plan,
                cycle,
                left
            );
        }
    }

    /// <summary>Moves the evidence of the attempt before out of the way, into a folder of its own.</summary>
    /// <param name="left">What others may still take from it.</param>
    private void SetAside(Case @case, List<Attempt> attempts, Begun? left)
    {
        string folder = run.Case(@case.Id).Root;
        if (attempts.Count == 0 || !Directory.Exists(folder))
            return;
        string aside = RunFolder.PreviousAttempt(folder, attempts.Count);
        if (left is null)
            Directory.Move(folder, aside);
        else
            left.MoveTo(aside);
        attempts[^1] = attempts[^1] with { Folder = run.RelativeTo(aside) };
    }

    private string FolderOf(Case @case) => run.RelativeTo(run.Case(@case.Id).Root);

    private double Since(long start) => Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);

    private static string FreshNonce() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static Func<string> NoncesAfter(IReadOnlyList<string> first)
    {
        int given = 0;
        return () => given < first.Count ? first[given++] : FreshNonce();
    }

    private sealed record Tried(Judgement Judgement, Plan? Plan, CycleLog? Cycle, Begun? Left);
}
