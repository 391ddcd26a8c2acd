using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Runs a sample of the cases whose boots were restored once more with fresh boots, and wants the same of them. A case
/// that fails with fresh ones has failed. What differs otherwise is a finding, and the case has no verdict: a
/// checkpoint is not what it stands for.
/// </summary>
/// <param name="share">The share of cases that are checked, 0 to 1.</param>
/// <param name="run">The run whose cases are checked; the checks have their evidence below it.</param>
/// <param name="runner">A runner for the folder of a run, with fresh boots or as those that are checked.</param>
/// <param name="progress">Told of a difference that is chance.</param>
public sealed class CheckpointCheck(
    double share,
    RunFolder run,
    Func<RunFolder, BootPolicy, CaseRunner> runner,
    IProgress<string>? progress = null
)
{
    /// <summary>What it is called in findings.</summary>
    public const string Layer = "checkpoint";

    private const string FolderName = "checks";

    /// <summary>The case's result, checked if it is in the sample; that of another case as it is.</summary>
    /// <param name="result">Of an attempt in which a boot was restored.</param>
    internal async Task<CaseResult> OfAsync(Case @case, CaseResult result, CancellationToken cancellation)
    {
        if (!IsInSample(result))
            return result;
        var first = new Way(result, run.Case(@case.Id));
        var fresh = await AgainAsync(@case, "fresh", BootPolicy.Fresh, cancellation);
        if (fresh.Result.Verdict is Verdict.Infra or Verdict.Internal)
            return result;
        // A failure of fresh boots is the product's, and never tried again.
        if (fresh.Result.Verdict == Verdict.Failed)
            return Failed(result, fresh);
        var differences = Between(first, fresh);
        if (differences.Count > 0)
        {
            // What differs between two runs of the same way is chance.
            var restored = await AgainAsync(@case, "restored", new BootPolicy(false, 0), cancellation);
            var again = await AgainAsync(@case, "fresh-again", BootPolicy.Fresh, cancellation);
            if (
                Between(first, restored).Count > 0
                || Between(fresh, again).Count > 0
                || Between(restored, again).Count == 0
            )
            {
                progress?.Report($"{@case.Id}: restored (A) and fresh (B) differ, and not each time: {differences[0]}");
                differences = [];
            }
        }

        if (differences.Count == 0)
            Delete(@case);
        return differences.Count == 0 ? result with { IsChecked = true } : Distrusted(result, differences);
    }

    private static IReadOnlyList<string> Between(Way a, Way b)
    {
        try
        {
            return WayComparison.Between(a.Result, a.Folder, b.Result, b.Folder);
        }
        catch (EvidenceException e)
        {
            return [e.Message];
        }
    }

    private CaseResult Failed(CaseResult result, Way fresh) =>
        result with
        {
            Verdict = Verdict.Failed,
            Reason = $"with fresh boots, which are in {run.RelativeTo(fresh.Folder.Root)}: {fresh.Result.Reason}",
            Findings = fresh.Result.Findings,
            IsChecked = true,
        };

    private static CaseResult Distrusted(CaseResult result, IReadOnlyList<string> differences)
    {
        var findings = differences.Select(difference => new Finding(
            Held: false,
            Layer,
            $"with restored boots (A) and with fresh ones (B), twice each: {difference}",
            ""
        )
        {
            IsOurs = true,
        });
        return result with
        {
            Verdict = Verdict.Infra,
            Reason =
                $"it is not the same with restored boots (A) and with fresh ones (B): {differences[0]}"
                + (differences.Count > 1 ? $" (and {differences.Count - 1} more)" : "")
                + $"; both are in {FolderName}/",
            Findings = [.. result.Findings, .. findings],
            IsChecked = true,
        };
    }

    private async Task<Way> AgainAsync(Case @case, string name, BootPolicy policy, CancellationToken cancellation)
    {
        var folder = FolderOf(name);
        return new Way(await runner(folder, policy).RunAsync(@case, cancellation), folder.Case(@case.Id));
    }

    private RunFolder FolderOf(string name) => new(run.In(Path.Combine(FolderName, name)));

    private void Delete(Case @case)
    {
        foreach (string name in (string[])["fresh", "restored", "fresh-again"])
        {
            if (Directory.Exists(FolderOf(name).Case(@case.Id).Root))
                Directory.Delete(FolderOf(name).Case(@case.Id).Root, recursive: true);
        }
    }

    // The nonce is random: each run checks other cases.
    private bool IsInSample(CaseResult result) =>
        result.Nonces is [{ } nonce, ..] && Convert.ToUInt32(nonce[..8], 16) < share * (uint.MaxValue + 1.0);

    /// <summary>One way the case was run.</summary>
    private sealed record Way(CaseResult Result, CaseFolder Folder);
}
