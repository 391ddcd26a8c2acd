using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
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
        int steps = plan.Steps.Skip(1).TakeWhile(step => step is not (PowerOn or DamageStore)).Count() + 1;
        return steps < plan.Steps.Count
            ? new Beginning(
                steps,
                [.. plan.Steps.Take(steps).OfType<Mark>().Select(mark => mark.Nonce)],
                KeyOf(@case, plan, steps)
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
                Steps = [.. plan.Steps.Take(steps).Select(WithoutNonce)],
            }
        );

    private static PlanStep WithoutNonce(PlanStep step) =>
        step switch
        {
            Mark mark => mark with { Nonce = "" },
            AwaitStore wait => wait with { Nonce = "" },
            _ => step,
        };
}
