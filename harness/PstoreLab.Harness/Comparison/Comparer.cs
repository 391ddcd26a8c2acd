using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Comparison;

/// <summary>
/// Holds the results and the evidence of two sides against each other. It starts nothing and changes nothing.
/// </summary>
public static class Comparer
{
    /// <summary>Verdicts that say nothing of a kernel.</summary>
    private static readonly Verdict[] Unjudged = [Verdict.Infra, Verdict.Error, Verdict.Internal];

    /// <param name="across">Dimensions that A and B may differ in; cells that differ in nothing else are the same
    /// case.</param>
    /// <exception cref="UsageException">The sides have no case in common, or one has several that would be the
    /// same.</exception>
    public static RunComparison Compare(RunResults a, RunResults b, IReadOnlyList<string> across)
    {
        var before = Sides(a, "A", across);
        var after = Sides(b, "B", across);
        if (!before.Keys.Intersect(after.Keys).Any())
            throw new UsageException(
                $"{a.Label} and {b.Label} have no case in common, such as "
                    + $"{before.Keys.Order(StringComparer.Ordinal).First()}{Hint(a, b, across)}"
            );
        ComparedCase[] cases =
        [
            .. before
                .Keys.Union(after.Keys)
                .Select(key => Case(key, before.GetValueOrDefault(key), after.GetValueOrDefault(key), a, b))
                .OrderBy(one => one.Standing)
                .ThenBy(one => one.Case, StringComparer.Ordinal),
        ];
        var pairs = before
            .Keys.Intersect(after.Keys)
            .Order(StringComparer.Ordinal)
            .Select(key => (key, before[key], after[key]))
            .ToList();
        return new RunComparison(Summary(a), Summary(b), across, cases, TimingShifts.Between(pairs));
    }

    private static Dictionary<string, CaseSide> Sides(RunResults run, string name, IReadOnlyList<string> across)
    {
        var sides = CaseSide.Of(run, across);
        return sides.FirstOrDefault(side => side.Value.Count > 1) is { Value: { } several }
            ? throw new UsageException(
                $"{name} ({run.Label}) has several cases that differ only in {string.Join(", ", across)}: "
                    + $"{string.Join(", ", several.Select(side => side.Id).Take(4))}; compare runs of one each"
            )
            : sides.ToDictionary(side => side.Key, side => side.Value[0]);
    }

    private static string Hint(RunResults a, RunResults b, IReadOnlyList<string> across)
    {
        var candidates = a
            .Results.Concat(b.Results)
            .SelectMany(result => result.Dimensions.Keys)
            .Distinct()
            .Except(across)
            .ToList();
        IReadOnlyList<string>[] wider =
        [
            [.. across, "kernel", "writer", "reader"],
            .. candidates.Select(name => (IReadOnlyList<string>)[.. across, name]),
        ];
        return
            wider.FirstOrDefault(dimensions =>
                CaseSide.Of(a, dimensions).Keys.Intersect(CaseSide.Of(b, dimensions).Keys).Any()
            )
                is { } found
            ? $"; they have where '{found[across.Count]}' makes no difference: add --across {found[across.Count]}"
            : "";
    }

    private static ComparedCase Case(string key, CaseSide? a, CaseSide? b, RunResults runA, RunResults runB)
    {
        var standing = Of(a, b);
        var telling = Telling(standing, a, b);
        return new ComparedCase(
            key,
            standing,
            a?.Verdicts,
            b?.Verdicts,
            telling?.Reason ?? "",
            Folder(a, telling, runA),
            Folder(b, telling, runB),
            a is null || b is null ? null : TextChanges.Between(a, b)
        );
    }

    private static Standing Of(CaseSide? a, CaseSide? b)
    {
        if (b is null)
            return Standing.OnlyInA;
        if (a is null)
            return Standing.OnlyInB;
        if (IsBroken(a) || IsBroken(b))
            return Standing.NotCompared;
        bool without = a.Count(Verdict.Unsupported) > 0;
        if (without != b.Count(Verdict.Unsupported) > 0)
            return Standing.UnsupportedOnOne;
        if (a.Results.Concat(b.Results).All(result => result.Verdict == Verdict.Unsupported))
            return Standing.UnsupportedOnBoth;
        return (
            a.Count(Verdict.Failed) > 0,
            b.Count(Verdict.Failed) > 0,
            a.Count(Verdict.Known) > 0,
            b.Count(Verdict.Known) > 0
        ) switch
        {
            (false, true, _, _) => Standing.Regression,
            (true, true, _, _) => Standing.FailsOnBoth,
            (false, false, false, true) => Standing.Catalogued,
            (true, false, _, true) => Standing.FailsOnBoth,
            (true, false, _, _) or (_, _, true, false) => Standing.Fixed,
            _ => Standing.Same,
        };
    }

    // One lost repetition of several is no reason to say nothing of the others.
    private static bool IsBroken(CaseSide side) => side.Results.All(result => Unjudged.Contains(result.Verdict));

    private static CaseResult? Telling(Standing standing, CaseSide? a, CaseSide? b) =>
        standing switch
        {
            Standing.Regression or Standing.FailsOnBoth => b!.First(Verdict.Failed),
            Standing.Catalogued => b!.First(Verdict.Known),
            Standing.Fixed => a!.First(Verdict.Failed, Verdict.Known),
            Standing.NotCompared => b!.First(Unjudged) ?? a!.First(Unjudged),
            Standing.UnsupportedOnOne => b!.First(Verdict.Unsupported) ?? a!.First(Verdict.Unsupported),
            _ => null,
        };

    /// <summary>The folder of the result that counts, or else of the side's first one.</summary>
    private static string? Folder(CaseSide? side, CaseResult? telling, RunResults run)
    {
        if (side is null)
            return null;
        string? folder = run.FolderOf(
            telling is not null && side.Results.Contains(telling) ? telling : side.Results[0]
        )?.Root;
        return Directory.Exists(folder) ? folder : null;
    }

    private static ComparedSide Summary(RunResults run) =>
        new(
            run.Label,
            run.Root,
            run.Results.Count,
            [
                .. run
                    .Results.SelectMany(result => result.Kernels)
                    .Select(kernel => $"{kernel.Name} {kernel.Described}")
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]
        )
        {
            Appended = [.. run.Results.Select(result => result.Appended).OfType<string>().Distinct()],
        };
}
