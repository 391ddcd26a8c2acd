using System.Collections.Concurrent;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Tests.Oracle.Fuzzing;

/// <summary>
/// Whatever becomes of a case folder: judging it throws nothing, writes nothing, and never says better of the kernel
/// than before.
/// </summary>
[CancelAfter(300_000)]
public class JudgeFuzzTests
{
    /// <summary>Of each test.</summary>
    private const int Mutants = 1000;

    private IReadOnlyList<FuzzedCase> _cases = [];

    [OneTimeSetUp]
    public async Task MakeTheCases() => _cases = await FuzzedCases.MakeAsync();

    [OneTimeTearDown]
    public void DeleteThem()
    {
        foreach (var @case in _cases)
            @case.Dispose();
    }

    [Test]
    public void There_is_one_of_each_verdict() =>
        Assert.That(
            _cases.Select(@case => @case.Before.Verdict).Distinct(),
            Is.SupersetOf([Verdict.Passed, Verdict.Failed, Verdict.Known, Verdict.Infra]),
            string.Join('\n', _cases.Select(@case => $"{@case.Name}: {@case.Before.Verdict} {@case.Before.Reason}"))
        );

    /// <summary>What changed since an attempt is seen, all of it; and what no verdict rests on changes none.</summary>
    [Test]
    public void A_change_after_the_attempt_is_ours() =>
        Fuzz(
            reseal: false,
            (@case, mutant) => mutant.After.Verdict == (mutant.Touched ? Verdict.Infra : @case.Before.Verdict)
        );

    /// <summary>
    /// What the harness itself has left damaged has no digest to be known by; what must be there is missed all the
    /// same.
    /// </summary>
    [Test]
    public void Damage_during_the_attempt_makes_nothing_pass_that_is_missing() =>
        Fuzz(
            reseal: true,
            (_, mutant) =>
                mutant.Mutation.Kind is not ("delete" or "empty" or "link")
                || !IsRequired(mutant.Mutation.Files[0])
                || mutant.After.Verdict is not (Verdict.Passed or Verdict.Known)
        );

    private void Fuzz(bool reseal, Func<FuzzedCase, Mutant, bool> holds)
    {
        var wrong = new ConcurrentBag<string>();
        Parallel.For(
            0,
            _cases.Count,
            index =>
            {
                var @case = _cases[index];
                for (int seed = index; seed < Mutants; seed += _cases.Count)
                {
                    var mutant = @case.Try(seed, reseal);
                    string what = $"seed {seed}: {@case.Name}, {mutant.Mutation}";
                    if (mutant.Written is not null)
                        wrong.Add($"{what}: wrote: {mutant.Written}");
                    if (mutant.After.Verdict == Verdict.Internal || !holds(@case, mutant))
                        wrong.Add(
                            $"{what}: {@case.Before.Verdict}, then {mutant.After.Verdict}: {mutant.After.Reason}"
                        );
                }
            }
        );
        Assert.That(wrong, Is.Empty, string.Join('\n', wrong.Order().Take(40)));
    }

    private static bool IsRequired(string name) =>
        name is "plan.json" or "cycle.json" or "store.before" or "boot-1/store" or "boot-1/console.log"
        || name.StartsWith("run-", StringComparison.Ordinal)
        || name.StartsWith("damage-", StringComparison.Ordinal)
        || name.StartsWith("systemd-", StringComparison.Ordinal)
        || name.EndsWith("/crash-kernel.log", StringComparison.Ordinal);
}
