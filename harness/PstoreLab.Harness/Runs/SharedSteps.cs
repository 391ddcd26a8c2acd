using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// The steps of a case that another one may have carried out for it: all before the store is first handed to another
/// machine, or damaged. From there on a copy of the store is as good. Cases of another scenario, and repetitions, are
/// to be independent.
/// </summary>
/// <param name="Count">How many of the plan's steps they are.</param>
/// <param name="Key">The same for all cases that have the same ones, whatever their nonces are.</param>
internal sealed record SharedSteps(int Count, string Key)
{
    /// <summary>Those of a plan; null where one machine is all that ever sees the store.</summary>
    public static SharedSteps? Of(Case @case, Plan plan)
    {
        PlanStep[] all = [.. plan.Steps];
        int count = 1 + all.Skip(1).TakeWhile(step => step is not (PowerOn or DamageStore)).Count();
        return count < all.Length ? new SharedSteps(count, KeyOf(@case, plan, count)) : null;
    }

    /// <summary>
    /// The same for all cases that may have the same steps. Which of them do, only their plans say, and so their
    /// images.
    /// </summary>
    public static string GroupOf(Case @case) =>
        @case.Steps.Any(step => step is DamageStep or RestartStep { Kind: RestartKind.Cold })
            ? $"{@case.Source.File} {@case.Repetition} {@case.Machine} {@case.Backend} {@case.Kernels[0]}"
            : @case.Id;

    // Steps name files of the case folder, and within a run a name means one file.
    private static string KeyOf(Case @case, Plan plan, int count)
    {
        var boots = plan.First(count);
        string text = EvidenceJson.Line(
            plan with
            {
                Case = $"{@case.Source.File} {@case.Repetition}",
                Summary = "",
                Dimensions = new Dictionary<string, string>(),
                Kernels = [.. plan.Kernels.Where(kernel => boots.Any(boot => boot.Kernel == kernel.Name))],
                Files = [],
                Known = [],
                Tolerated = null,
                StartsAfter = null,
                Boots = [.. boots.Select(boot => boot with { Steps = [.. boot.Steps.Select(Comparable)] })],
            }
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The step without what may differ: its nonce, and whether a checkpoint may stand for it.</summary>
    private static PlanStep Comparable(PlanStep step) =>
        step switch
        {
            PowerOn on => on with { Start = null },
            Mark mark => mark with { Nonce = "" },
            AwaitStore wait => wait with { Nonce = "" },
            _ => step,
        };
}
