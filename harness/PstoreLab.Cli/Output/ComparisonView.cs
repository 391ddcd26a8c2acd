using PstoreLab.Harness.Comparison;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>A comparison to be read from the top: what is worse first, what is the same as a number only.</summary>
internal static class ComparisonView
{
    private static readonly (Standing Standing, string Colour, string Title)[] Sections =
    [
        (Standing.Regression, "red", "regressions, failing in B and not in A"),
        (Standing.Catalogued, "yellow", "failing in B as a catalogued bug says, and not in A"),
        (Standing.NotCompared, "red", "not compared, because the machine or the scenario got in the way"),
        (Standing.UnsupportedOnOne, "grey", "unsupported on one side"),
        (Standing.OnlyInA, "yellow", "only in A"),
        (Standing.OnlyInB, "yellow", "only in B"),
        (Standing.Fixed, "green", "fixed, no longer failing"),
        (Standing.FailsOnBoth, "red", "failing on both"),
    ];

    public static void Print(IAnsiConsole console, RunComparison comparison)
    {
        Verdict(console, comparison);
        Side(console, "A", comparison.A);
        Side(console, "B", comparison.B);
        foreach (var (standing, colour, title) in Sections)
            Section(console, comparison.With(standing).ToList(), colour, title);
        Changes(console, comparison);
        Timing(console, comparison.Timing);
    }

    /// <summary>What most readers came for, and how far it is to be believed.</summary>
    private static void Verdict(IAnsiConsole console, RunComparison comparison)
    {
        int worse = comparison.With(Standing.Regression).Count();
        int fixedOnes = comparison.With(Standing.Fixed).Count();
        int same = comparison.With(Standing.Same).Count();
        int failing = comparison.With(Standing.FailsOnBoth).Count();
        int catalogued = comparison.With(Standing.Catalogued).Count();
        (string colour, string verdict) =
            worse > 0 ? ("red", $"B is worse: {Cases(worse)} {(worse == 1 ? "fails" : "fail")} in B and not in A")
            : comparison.Compared == 0 ? ("red", "nothing was compared")
            : ("green", "B is not worse: no case fails in B that does not in A");
        console.MarkupLine(
            $"[{colour}]{verdict}[/]; {fixedOnes} fixed, {same} with the same verdict"
                + $"{(failing > 0 ? $", {failing} failing on both" : "")}"
                + $"{(catalogued > 0 ? $", {catalogued} as a catalogued bug says" : "")}"
        );
        if (comparison.Compared < comparison.Cases.Count)
            console.MarkupLine(
                $"[yellow]{(comparison.Compared == 0 ? "none" : $"only {comparison.Compared}")} of "
                    + $"{Cases(comparison.Cases.Count)} {(comparison.Compared < 2 ? "was" : "were")} compared: "
                    + $"{Missing(comparison)}[/]"
            );
        console.WriteLine();
    }

    private static string Missing(RunComparison comparison) =>
        string.Join(
            ", ",
            new[]
            {
                (Standing.NotCompared, "without a verdict of the kernel"),
                (Standing.UnsupportedOnOne, "unsupported on one side"),
                (Standing.UnsupportedOnBoth, "unsupported on both"),
                (Standing.OnlyInA, "only in A"),
                (Standing.OnlyInB, "only in B"),
            }
                .Select(kind => (Count: comparison.With(kind.Item1).Count(), Words: kind.Item2))
                .Where(kind => kind.Count > 0)
                .Select(kind => $"{kind.Count} {kind.Words}")
        );

    private static string Cases(int count) => count == 1 ? "1 case" : $"{count} cases";

    private static void Side(IAnsiConsole console, string name, ComparedSide side)
    {
        string results = side.Results == 1 ? "1 result" : $"{side.Results} results";
        console.MarkupLineInterpolated($"[bold]{name}[/]  {side.Label}: {results}, {string.Join(", ", side.Kernels)}");
        if (side.Appended.Count > 0)
            console.MarkupLineInterpolated(
                $"   [yellow]appended to the kernel's command line: {string.Join("; ", side.Appended)}[/]"
            );
    }

    private static void Section(IAnsiConsole console, IReadOnlyList<ComparedCase> cases, string colour, string title)
    {
        if (cases.Count == 0)
            return;
        console.MarkupLine($"\n[{colour}]{title.EscapeMarkup()}: {cases.Count}[/]");
        foreach (var one in cases)
        {
            console.MarkupLineInterpolated($"  [bold]{one.Case}[/]: {Verdicts(one)}");
            if (one.Reason.Length > 0)
                console.MarkupLineInterpolated($"      {OneLine(one.Reason)}");
            if (one.Standing is Standing.Regression or Standing.Catalogued or Standing.NotCompared)
                console.MarkupLineInterpolated(
                    $"      [grey]A: {one.EvidenceA ?? "no evidence"}  B: {one.EvidenceB ?? "no evidence"}[/]"
                );
        }
    }

    private static void Changes(IAnsiConsole console, RunComparison comparison)
    {
        var changed = comparison.Cases.Where(one => one.Changes is { Count: > 0 }).ToList();
        if (changed.Count > 0)
            console.MarkupLine(
                $"\n[bold]{changed.Count} {(changed.Count == 1 ? "case shows" : "cases show")} another text in B[/]"
            );
        // The same sentence of twenty cases is one thing to know, not twenty.
        foreach (
            var same in changed
                .GroupBy(one => string.Join('\n', one.Changes!))
                .OrderByDescending(group => group.Count())
        )
        {
            console.MarkupLineInterpolated($"  {string.Join(", ", same.Select(one => one.Case))}");
            foreach (string change in same.First().Changes!)
                console.MarkupLineInterpolated($"      {OneLine(change)}");
        }

        int without = comparison.Cases.Count(one => one.Changes is null && one.A is not null && one.B is not null);
        if (without > 0)
            console.MarkupLine(
                $"\n[grey]text not compared of {without} {(without == 1 ? "case" : "cases")}: no evidence "
                    + "on one side[/]"
            );
    }

    private static void Timing(IAnsiConsole console, Timing timing)
    {
        string shifts = timing.Shifts.Count == 0 ? "no shift beyond noise" : "shifts";
        console.MarkupLine($"\n[bold]seconds per state: {shifts}[/]");
        foreach (var shift in timing.Shifts)
            console.MarkupLineInterpolated(
                $"  {shift.Case ?? "all cases"}: {shift.State} {shift.A:0.00} s → {shift.B:0.00} s ({shift.Basis})"
            );
        foreach (string basis in timing.Basis)
            console.MarkupLineInterpolated($"  [grey]{basis}[/]");
    }

    private static string Verdicts(ComparedCase one) => $"{one.A ?? "not run"} → {one.B ?? "not run"}";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
