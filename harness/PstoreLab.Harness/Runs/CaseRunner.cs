using System.Security.Cryptography;
using Polly;
using Polly.Retry;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Takes one case all the way from its images to its verdict. Infrastructure faults are tried again, verdicts of the product never.</summary>
public sealed class CaseRunner(
    IProcessRunner runner, string qemu, ICaseImages images, GuestSlots slots, Accelerator accelerator, RunFolder run, TimeProvider time)
{
    /// <summary>Attempts at a case whose machine, not its kernel, is at fault.</summary>
    private const int MaxAttempts = 3;

    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<CaseResult> RunAsync(Case @case, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var attempts = new List<Attempt>();
        var last = new Tried(new Judgement(Verdict.Infra, "never tried", []), null, null);
        var retry = new ResiliencePipelineBuilder<Tried> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Tried>
            {
                ShouldHandle = new PredicateBuilder<Tried>().HandleResult(tried => tried.Judgement.Verdict == Verdict.Infra),
                MaxRetryAttempts = MaxAttempts - 1,
                Delay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();
        last = await retry.ExecuteAsync(
            async token =>
            {
                SetAside(@case, attempts);
                long attemptStart = time.GetTimestamp();
                var tried = await TryAsync(@case, () => attemptStart = time.GetTimestamp(), token);
                attempts.Add(new Attempt(tried.Judgement.Verdict, tried.Judgement.Reason, Since(attemptStart), FolderOf(@case)));
                return tried;
            },
            cancellation);
        return new CaseResult(
            @case.Id, last.Judgement.Verdict, last.Judgement.Reason, @case.Dimensions, @case.Backend, accelerator.Name,
            last.Plan?.Kernels ?? [],
            last.Plan is null ? [] : [.. last.Plan.Steps.OfType<Mark>().Select(mark => mark.Nonce)],
            started, Math.Round(attempts.Sum(attempt => attempt.Seconds), 3), last.Cycle?.SecondsPerState() ?? new Dictionary<string, double>(),
            attempts, last.Judgement.Findings, FolderOf(@case));
    }

    private async Task<Tried> TryAsync(Case @case, Action admitted, CancellationToken cancellation)
    {
        Plan? plan = null;
        CycleLog? cycle = null;
        var folder = run.Case(@case.Id);
        try
        {
            plan = Planner.Plan(@case, await images.ForAsync(@case, cancellation), accelerator.Name, FreshNonce);
            using var slot = await slots.TakeAsync(plan.MemoryMiB, cancellation);
            admitted();
            await Staging.PrepareAsync(plan, folder, cancellation);
            await File.WriteAllTextAsync(folder.Repro, ReproScript.Write(plan), cancellation);
            cycle = await new CrashCycle(runner, qemu, new StateBudget(accelerator.Scale), time, plan, folder).RunAsync(cancellation);
            await EvidenceJson.WriteAsync(folder.Cycle, cycle, cancellation);
            var judgement = Judge.Of(folder);
            await EvidenceJson.WriteAsync(folder.Verdict, judgement, cancellation);
            return new Tried(judgement, plan, cycle);
        }
        catch (LabException fault)
        {
            var verdict = fault switch
            {
                UsageException => Verdict.Error,
                UnsupportedException => Verdict.Unsupported,
                _ => Verdict.Infra,
            };
            return new Tried(new Judgement(verdict, fault.Message, []), plan, cycle);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Tried(new Judgement(Verdict.Infra, $"the evidence cannot be kept in {folder.Root}: {fault.Message}", []), plan, cycle);
        }
    }

    /// <summary>Moves the evidence of the attempt before out of the way, into a folder of its own.</summary>
    private void SetAside(Case @case, List<Attempt> attempts)
    {
        string folder = run.Case(@case.Id).Root;
        if (attempts.Count == 0 || !Directory.Exists(folder))
            return;
        string aside = RunFolder.Aside(folder, attempts.Count);
        Directory.Move(folder, aside);
        attempts[^1] = attempts[^1] with { Folder = run.RelativeTo(aside) };
    }

    private string FolderOf(Case @case) => run.RelativeTo(run.Case(@case.Id).Root);

    private double Since(long start) => Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);

    private static string FreshNonce() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private sealed record Tried(Judgement Judgement, Plan? Plan, CycleLog? Cycle);
}
