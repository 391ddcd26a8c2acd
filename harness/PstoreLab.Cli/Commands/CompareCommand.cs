using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab compare A B</c>: what is worse, better or merely other in B, of two runs that were, or of two kernels
/// that are run now.
/// </summary>
internal static class CompareCommand
{
    private static readonly Argument<string> A = new("A")
    {
        Description =
            "The folder of a run, its results.jsonl, or a kernel: a name of the catalogue, SUITE:VERSION, "
            + "or [NAME=]PATH.",
    };
    private static readonly Argument<string> B = new("B") { Description = "Another one of the same kind." };
    private static readonly Option<string[]> Across = new("--across")
    {
        Description =
            "Of two runs: a dimension that they may differ in, such as backend; kernel also means writer "
            + "and reader. Repeat it for more.",
        HelpName = "DIMENSION",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Prints the comparison as one JSON object.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "compare",
            CommandGroup.Kernels,
            "compares two runs, or the same cases with two kernels",
            ["compare debian-6.1 debian-7.2 cycle --filter restart=cold"]
        )
        {
            A,
            B,
            Across,
            Json,
        };
        var selection = new Selection(command, whenLeftOut: "cycle");
        var guests = new GuestOptions(command);
        command.SetAction((parsed, cancellation) => CompareAsync(parsed, selection, guests, cancellation));
        return command;
    }

    private static async Task<int> CompareAsync(
        ParseResult parsed,
        Selection selection,
        GuestOptions guests,
        CancellationToken cancellation
    )
    {
        string a = parsed.GetRequiredValue(A);
        string b = parsed.GetRequiredValue(B);
        var comparison = (RunResults.IsNamedBy(a), RunResults.IsNamedBy(b)) switch
        {
            (true, true) => CompareRuns(parsed, a, b, selection),
            (false, false) => await CompareKernelsAsync(parsed, a, b, selection, guests, cancellation),
            (var runFirst, _) => throw new UsageException(
                $"{(runFirst ? a : b)} is a run and {(runFirst ? b : a)} is none: a kernel, or a folder "
                    + $"without {RunResults.FileName}; compare two runs or two kernels"
            ),
        };
        if (parsed.GetValue(Json))
            Terminal.Json(ComparisonJson.Text(comparison));
        else
            ComparisonView.Print(Terminal.Out, comparison);
        return comparison.HasRegression ? ExitCode.Failed
            : comparison.IsIncomplete ? ExitCode.Infra
            : comparison.Compared == 0 ? ExitCode.NothingTested
            : ExitCode.Passed;
    }

    private static RunComparison CompareRuns(ParseResult parsed, string a, string b, Selection selection)
    {
        if (selection.IsGiven(parsed))
            throw new UsageException(
                "FILTER and --filter choose cases to run; two runs are compared with all that is in both"
            );
        string[] across =
        [
            .. parsed
                .GetValue(Across)!
                .SelectMany(name => name == "kernel" ? KernelDimensions.Names : [name])
                .Distinct(),
        ];
        var before = RunResults.Load(a);
        var after = RunResults.Load(b);
        RunNotices.Print(before, after);
        string[] known =
        [
            .. before
                .Results.Concat(after.Results)
                .SelectMany(result => result.Dimensions.Keys)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        if (across.Except(KernelDimensions.Names).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new UsageException($"--across: {Nearest.Unknown("dimension", unknown, known)}");
        return Comparer.Compare(before, after, across);
    }

    private static async Task<RunComparison> CompareKernelsAsync(
        ParseResult parsed,
        string a,
        string b,
        Selection selection,
        GuestOptions guests,
        CancellationToken cancellation
    )
    {
        if (parsed.GetValue(Across)!.Length > 0)
            throw new UsageException("--across is for two runs; two kernels are compared across the kernel");
        using var view = guests.View(parsed, json: false);
        var chosen = await ChosenKernels.ReadAsync([a, b], view, cancellation);
        if (chosen.Kernels is not [var first, var second])
            throw new UsageException($"'{a}' and '{b}' are {chosen.Kernels.Count} kernels; name one kernel each");
        if (first.Name == second.Name)
            throw new UsageException(
                $"A and B are the same kernel, {first.Name}; to see how much runs of one kernel differ, "
                    + "compare two runs of it"
            );
        var lab = chosen.Lab;
        var pairs = KernelPairs.Of(selection.Of(parsed, lab), first.Name, second.Name, lab.Scenarios);
        foreach (string left in pairs.LeftOut)
            view.Report(left);
        var run = await RecordedRun.RunAsync(
            lab,
            guests.Repeated(parsed, pairs.Cases),
            guests,
            parsed,
            view,
            view.Print,
            cancellation
        );
        view.End();
        await run.ReportAsync();
        cancellation.ThrowIfCancellationRequested();
        return Comparer.Compare(
            new RunResults(first.Name, run.Folder.Root, [.. run.Results.Where(pairs.IsA)]),
            new RunResults(second.Name, run.Folder.Root, [.. run.Results.Where(pairs.IsB)]),
            KernelDimensions.Names
        );
    }
}
