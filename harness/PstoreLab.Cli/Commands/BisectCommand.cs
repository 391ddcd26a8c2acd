using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab bisect CASE</c>: the kernel with which a case began to fail.</summary>
internal static class BisectCommand
{
    private static readonly Argument<string> Name = new("CASE")
    {
        Description =
            "A case as `pstorelab list` prints it, or anything that chooses cases which differ only in the kernel.",
    };
    private static readonly Option<string> Kernels = new("--kernels")
    {
        Description =
            "The versions, the good end first: trixie-backports:6.18..7.2 (of what the suite holds), "
            + "bookworm: (all of it), debian-5.10..debian-7.2, or names and paths with commas.",
        HelpName = "A..B",
        Required = true,
    };

    private static readonly Option<string?> Vary = new("--vary")
    {
        Description = "Changes only this dimension, such as reader, and leaves the others as CASE says.",
        HelpName = "DIMENSION",
    };
    private static readonly Option<string[]> Filters = new("--filter", "-f")
    {
        Description = "Narrows CASE, as for run.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<bool> Listing = new("--list")
    {
        Description = "Lists the versions and what the search would cost, and boots nothing.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Prints the answer as one JSON object." };

    public static Command Create()
    {
        var command = new LabCommand(
            "bisect",
            CommandGroup.Kernels,
            "finds the first kernel that fails a case",
            ["bisect cycle/oops-whole/efi-debian-7.2 --kernels trixie-backports:"]
        )
        {
            Name,
            Kernels,
            Vary,
            Filters,
            Listing,
            Json,
        };
        var guests = new GuestOptions(command);
        command.SetAction((parsed, cancellation) => BisectAsync(parsed, guests, cancellation));
        return command;
    }

    private static async Task<int> BisectAsync(ParseResult parsed, GuestOptions guests, CancellationToken cancellation)
    {
        using var view = guests.View(parsed, parsed.GetValue(Json));
        var named = await ChosenKernels.ReadAsync([parsed.GetRequiredValue(Kernels)], view, cancellation);
        var lab = named.Lab;
        string word = parsed.GetRequiredValue(Name);
        var filter = CaseFilter.Parse(parsed.GetValue(Filters)!);
        var loaded = BisectCases.Named(word, named.Kernels, lab.Scenarios);
        OldWordNotices.Print(lab.Scenarios);
        var chosen = filter.Apply(loaded);
        var cases = BisectCases.Of(word, chosen, parsed.GetValue(Vary), named.Kernels, lab.Scenarios);
        foreach (string excluded in cases.Excluded)
            view.Report($"{excluded} is left out: the scenario excludes it");
        var cost = BisectCost.Of(
            cases.Kernels,
            kernel => named.VersionHere(kernel) is not null,
            guests.Repeat(parsed),
            SecondsOf(cases, chosen, lab)
        );
        if (parsed.GetValue(Listing))
        {
            BisectView.List(Terminal.Out, cases, named.VersionHere, cost);
            return ExitCode.Passed;
        }

        foreach (var @case in cases.Cases.Values)
            Planner.Check(@case);
        return await SearchAsync(parsed, guests, lab, cases, cost, view, cancellation);
    }

    private static async Task<int> SearchAsync(
        ParseResult parsed,
        GuestOptions guests,
        Lab lab,
        BisectCases cases,
        BisectCost cost,
        ProgressView view,
        CancellationToken cancellation
    )
    {
        int repeat = guests.Repeat(parsed);
        string question = cases.Question(repeat, guests.Accelerator(parsed));
        string[] names = [.. cases.Kernels.Select(kernel => kernel.Name)];
        string root = Path.GetFullPath(Path.Combine(guests.Out(parsed) ?? lab.Paths.Out, cases.FolderName));
        using var folder = BisectFolder.Open(root, question, names);
        if (folder.Note is { } note)
            view.Report(note);
        view.Report(cost.ToString());
        var accelerator = await lab.AcceleratorAsync(guests.Accelerator(parsed), cancellation);
        var runner = lab.RunnerFor(folder.Run, accelerator, guests.Jobs(parsed), guests.Boots(parsed));
        var search = new KernelSearch(
            repeat,
            (kernel, number, token) =>
            {
                var @case = cases.Cases[kernel];
                if (repeat > 1 || number > 1)
                    @case = @case.Repeated(number);
                folder.Clear(@case.Id);
                return runner.RunAsync(@case, token);
            },
            async state =>
            {
                await folder.SaveAsync(state);
                await lab.Durations.SaveAsync([state.Trials[^1].Result], CancellationToken.None);
            },
            step => view.Report(BisectView.StepLine(step))
        );
        try
        {
            var report = await search.RunAsync(
                cases.Id,
                folder.Before ?? new BisectState(question, names, []),
                cancellation
            );
            view.End();
            if (parsed.GetValue(Json))
                Terminal.Json(BisectJson.Text(report));
            else
                BisectView.Print(Terminal.Out, report, folder.Run);
            return report.IsHeldUp
                ? report.IsInternal
                    ? ExitCode.Internal
                    : ExitCode.Infra
                : report.Ending is BisectEnding.Found or BisectEnding.Range
                    ? ExitCode.Passed
                    : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Terminal.Error($"interrupted; every verdict is kept in {root}, and the same command continues from there");
            return ExitCode.Interrupted;
        }
    }

    /// <summary>What a run of the case takes: the median over all kernels that it was ever run with here.</summary>
    private static double? SecondsOf(BisectCases cases, IReadOnlyList<Case> chosen, Lab lab)
    {
        var durations = lab.Durations;
        double[] known =
        [
            .. lab
                .Scenarios.Load([chosen[0].Source.File])
                .Where(@case =>
                    KernelDimensions.IdWithout(@case, KernelDimensions.Names)
                    == KernelDimensions.IdWithout(chosen[0], KernelDimensions.Names)
                )
                .Concat(cases.Cases.Values)
                .Select(@case => @case.Id)
                .Distinct()
                .Select(durations.Known)
                .OfType<double>()
                .Order(),
        ];
        return known.Length == 0 ? null : known[known.Length / 2];
    }
}
