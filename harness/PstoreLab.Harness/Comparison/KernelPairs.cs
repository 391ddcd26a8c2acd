using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Comparison;

/// <summary>
/// The cases that two kernels are compared by: each chosen case once with the one and once with the other in every
/// kernel dimension.
/// </summary>
/// <param name="Cases">Both of a pair after each other, so that a busy hour hits both.</param>
/// <param name="LeftOut">Why chosen cases are not among them, one sentence each.</param>
public sealed record KernelPairs(string A, string B, IReadOnlyList<Case> Cases, IReadOnlyList<string> LeftOut)
{
    /// <param name="chosen">Cells that differ only in the kernel count once.</param>
    /// <exception cref="UsageException">No case is left.</exception>
    public static KernelPairs Of(IReadOnlyList<Case> chosen, string a, string b, ScenarioLoader loader)
    {
        var cases = new List<Case>();
        var leftOut = new List<string>();
        foreach (var cells in chosen.GroupBy(@case => KernelDimensions.IdWithout(@case, KernelDimensions.Names)))
        {
            var one = cells.First();
            var dimensions = KernelDimensions.Of(one);
            if (dimensions.Count == 0)
            {
                leftOut.Add(
                    $"{one.Id} is left out: its kernel is written into its steps, not a dimension of its matrix"
                );
                continue;
            }

            Case?[] pair =
            [
                .. new[] { a, b }.Select(kernel =>
                    loader.With(one, dimensions.ToDictionary(name => name, _ => kernel))
                ),
            ];
            if (pair is [{ } first, { } second])
                cases.AddRange([first, second]);
            else
                leftOut.Add($"{cells.Key} is left out: its file excludes it for {(pair[0] is null ? a : b)}");
        }

        return cases.Count > 0
            ? new KernelPairs(a, b, cases, leftOut)
            : throw new UsageException($"no case is left to compare {a} and {b} by: {string.Join("; ", leftOut)}");
    }

    public bool IsA(CaseResult result) => Has(result, A);

    public bool IsB(CaseResult result) => Has(result, B);

    private static bool Has(CaseResult result, string kernel) =>
        KernelDimensions.Names.Any(name => result.Dimensions.GetValueOrDefault(name) == kernel);
}
