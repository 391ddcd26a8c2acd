using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// What is done of a plan before its store is first handed to another machine, or damaged: from there on a copy of the
/// store is as good. Cells of a scenario that begin alike need do it once; those of another scenario, and repetitions,
/// are to be independent.
/// </summary>
/// <param name="Steps">How many of the plan's steps it has.</param>
/// <param name="Nonces">Of the crashes in it.</param>
/// <param name="Key">The same for all that begin alike, whatever their nonces are.</param>
internal sealed record Beginning(int Steps, IReadOnlyList<string> Nonces, string Key)
{
    /// <summary>The plan's beginning; null where one machine is all that ever sees the store.</summary>
    public static Beginning? Of(Case @case, Plan plan)
    {
        PlanStep[] all = [.. plan.Steps];
        PlanStep[] steps = [all[0], .. all.Skip(1).TakeWhile(step => step is not (PowerOn or DamageStore))];
        return steps.Length < all.Length
            ? new Beginning(
                steps.Length,
                [.. steps.OfType<Mark>().Select(mark => mark.Nonce)],
                KeyOf(@case, plan, steps.Length)
            )
            : null;
    }

    // Steps name files of the case folder, and within a run a name means one file.
    private static string KeyOf(Case @case, Plan plan, int steps) =>
        EvidenceJson.Line(
            plan with
            {
                Case = $"{@case.Source.File} {@case.Repetition}",
                Summary = "",
                Dimensions = new Dictionary<string, string>(),
                Kernels = [],
                Files = [],
                Known = [],
                Boots = [.. First(plan.Boots, steps)],
            }
        );

    /// <summary>The boots that so many steps belong to, with those steps and no other.</summary>
    private static IEnumerable<PlannedBoot> First(IReadOnlyList<PlannedBoot> boots, int steps)
    {
        foreach (var boot in boots)
        {
            if (steps == 0)
                yield break;
            PlanStep[] own = [.. boot.Steps.Take(steps).Select(WithoutNonce)];
            steps -= own.Length;
            yield return boot with
            {
                Steps = own,
            };
        }
    }

    private static PlanStep WithoutNonce(PlanStep step) =>
        step switch
        {
            Mark mark => mark with { Nonce = "" },
            AwaitStore wait => wait with { Nonce = "" },
            _ => step,
        };
}
