using Polly;
using Polly.Retry;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Takes one case to its verdict, in as many attempts as that takes. Faults of QEMU and the host are tried again. A
/// guest that failed in a way that emulation has by itself is tried once more from the very same store. Verdicts of the
/// product never are.
/// </summary>
/// <param name="check">Checks what checkpoints did; null for nothing.</param>
public sealed class CaseRunner(CaseAttempt attempt, RunFolder run, TimeProvider time, CheckpointCheck? check = null)
{
    /// <summary>Attempts at a case whose machine, not its kernel, is at fault.</summary>
    private const int MaxAttempts = 3;

    /// <param name="onAdmitted">Called when the case has a place to run, at each attempt.</param>
    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<CaseResult> RunAsync(Case @case, CancellationToken cancellation, Action? onAdmitted = null)
    {
        var started = default(DateTimeOffset?);
        var attempts = new List<Attempt>();
        Tried? last = null;
        var retry = new ResiliencePipelineBuilder<Tried> { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions<Tried>
                {
                    ShouldHandle = new PredicateBuilder<Tried>().HandleResult(tried => IsTriedAgain(tried, attempts)),
                    MaxRetryAttempts = MaxAttempts,
                    Delay = TimeSpan.FromSeconds(1),
                    BackoffType = DelayBackoffType.Exponential,
                }
            )
            .Build();
        try
        {
            await retry.ExecuteAsync(
                async token =>
                {
                    SetAside(@case, attempts);
                    long attemptStart = time.GetTimestamp();
                    void Admitted()
                    {
                        attemptStart = time.GetTimestamp();
                        started ??= time.GetUtcNow();
                        onAdmitted?.Invoke();
                    }

                    var previous = last;
                    last =
                        previous?.Chance is not null && !previous.IsRepetition
                            ? Compared(
                                previous,
                                await attempt.RepeatAsync(
                                    @case,
                                    previous,
                                    PreviousOf(@case, attempts),
                                    Admitted,
                                    token
                                ),
                                attempts
                            )
                            // What failed once is done again from the ground up.
                            : await AnewAsync(@case, previous, attempts, Admitted, token);
                    attempts.Add(
                        new Attempt(last.Judgement.Verdict, last.Judgement.Reason, Since(attemptStart), FolderOf(@case))
                    );
                    return last;
                },
                cancellation
            );
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            last = new Tried(attempt.Blamed(@case, fault), last?.Plan, last?.Cycle);
            attempts.Add(new Attempt(last.Judgement.Verdict, last.Judgement.Reason, 0, FolderOf(@case)));
        }

        var result = Result(@case, last!, attempts, started ?? time.GetUtcNow());
        if (check is not null && IsOfTheProduct(result) && IsRestored(last!))
            result = await check.OfAsync(@case, result, cancellation);
        // Nobody continues what is not to be trusted.
        if (IsOfTheProduct(result))
            attempt.Share(@case, last!.Plan!);
        return result;
    }

    /// <inheritdoc cref="CaseAttempt.SharedKeyAsync"/>
    internal Task<string?> SharedKeyAsync(Case @case, CancellationToken cancellation) =>
        attempt.SharedKeyAsync(@case, cancellation);

    private static bool IsOfTheProduct(CaseResult result) =>
        result.Verdict is Verdict.Passed or Verdict.Known or Verdict.Failed;

    private static bool IsTriedAgain(Tried tried, List<Attempt> attempts) =>
        !tried.IsConfirmation
        && (
            tried.Judgement.Verdict == Verdict.Infra
                ? attempts.Count(before => before.Verdict == Verdict.Infra) < MaxAttempts
                : tried is { Chance: not null, IsRepetition: false } || IsToBeConfirmed(tried)
        );

    /// <summary>The product is blamed for nothing that a checkpoint may have done.</summary>
    private static bool IsToBeConfirmed(Tried tried) => tried.Judgement.Verdict == Verdict.Failed && IsRestored(tried);

    private static bool IsRestored(Tried tried) => tried.Cycle?.Boots.Any(boot => boot.IsRestored) ?? false;

    /// <summary>What failed once is done again from the ground up.</summary>
    private async Task<Tried> AnewAsync(
        Case @case,
        Tried? previous,
        List<Attempt> attempts,
        Action admitted,
        CancellationToken cancellation
    )
    {
        bool confirms = previous is not null && IsToBeConfirmed(previous);
        var tried = await attempt.TryAsync(@case, attempts.Count == 0, confirms, admitted, cancellation);
        if (!confirms)
            return tried;
        return tried.Judgement.Verdict is not (Verdict.Passed or Verdict.Known)
            ? tried with
            {
                IsConfirmation = true,
            }
            : tried with
            {
                IsConfirmation = true,
                Judgement = tried.Judgement with
                {
                    Verdict = Verdict.Infra,
                    Reason =
                        $"with restored boots it failed ({previous!.Judgement.Reason}), with fresh ones it did not: "
                        + "the failure is chance, or a checkpoint is not what it stands for",
                },
            };
    }

    /// <summary>The repetition's own judgement; or that it was chance, where it failed in another way.</summary>
    private static Tried Compared(Tried first, Tried again, List<Attempt> attempts)
    {
        if (again.Cycle?.Fault is { } fault && fault.IsSameAs(first.Chance!))
            return again;
        attempts[^1] = attempts[^1] with
        {
            Verdict = Verdict.Infra,
            Reason = $"{attempts[^1].Reason}; it did not do so again from the same store",
        };
        return again.Chance is null
            ? again
            : again with
            {
                Judgement = again.Judgement with
                {
                    Verdict = Verdict.Infra,
                    Reason = $"from the same store as the attempt before, in another way: {again.Judgement.Reason}",
                },
            };
    }

    private CaseResult Result(Case @case, Tried last, List<Attempt> attempts, DateTimeOffset started) =>
        new(
            @case.Id,
            last.Judgement.Verdict,
            last.Judgement.Reason,
            @case.Dimensions,
            @case.Backend,
            attempt.Accelerator.Name,
            last.Plan?.Kernels ?? [],
            last.Plan is null ? [] : [.. last.Plan.Steps.OfType<Mark>().Select(mark => mark.Nonce)],
            started,
            Math.Round(attempts.Sum(one => one.Seconds), 3),
            last.Cycle?.SecondsPerState() ?? new Dictionary<string, double>(),
            attempts,
            last.Judgement.Findings,
            FolderOf(@case)
        )
        {
            Appended = @case.Appended.Count == 0 ? null : AppendedParameters.Text(@case.Appended),
        };

    /// <summary>Moves the evidence of the attempt before out of the way, into a folder of its own.</summary>
    private void SetAside(Case @case, List<Attempt> attempts)
    {
        string folder = run.Case(@case.Id).Root;
        if (attempts.Count == 0 || !Directory.Exists(folder))
            return;
        string previous = RunFolder.PreviousAttempt(folder, attempts.Count);
        Directory.Move(folder, previous);
        attempts[^1] = attempts[^1] with { Folder = run.RelativeTo(previous) };
    }

    private CaseFolder PreviousOf(Case @case, List<Attempt> attempts) =>
        new(RunFolder.PreviousAttempt(run.Case(@case.Id).Root, attempts.Count));

    private string FolderOf(Case @case) => run.RelativeTo(run.Case(@case.Id).Root);

    private double Since(long start) => Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);
}
