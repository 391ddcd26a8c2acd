using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab run</c>: boots cases and prints their verdicts.</summary>
internal static class RunCommand
{
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Prints results as JSON lines instead of a table.",
    };

    private static readonly Option<bool> FailOnRetry = new("--fail-on-retry")
    {
        Description = "Ends with 3 also where a case has a verdict only after another attempt.",
    };

    private static readonly Option<string[]> Require = new("--require")
    {
        Description =
            "Ends with 1 where one of these cases is unsupported: a family, a scenario, a case, a pattern, or all. "
            + "Repeat it for several.",
        HelpName = "CASES",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "Runs all shipped scenarios, which takes hours; it has to be said.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "run",
            CommandGroup.Run,
            "boots cases and judges what pstore kept",
            [
                "run cycle --filter backend=ramoops",
                "run cycle/record-whole/erst-cold-debian-6.1",
                "run --filter quick=true --jobs 2",
                "run cycle --kernel linux-image-6.1.deb",
            ],
            "A case is a scenario with one kernel, backend and so on. Ends with 0 when nothing failed, "
                + "1 when a case failed, 2 when a scenario is wrong, 3 when this machine is at fault, 4 when "
                + "PstoreLab is, 5 when nothing could be tested, 6 when not all was run."
        )
        {
            Json,
            FailOnRetry,
            Require,
            All,
            GitBisectOption.Option,
        };
        var options = new RunOptions(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, options, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, RunOptions options, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        // A kernel is unpacked for what can be meant alone.
        options.Selection.Check(parsed, options.Own.Open(parsed));
        options.Append.Parse(parsed);
        options.Reports.Check(parsed);
        string parent = options.Guests.Out(parsed) ?? Checkout.Find().Out;
        var failed = options.LastFailed.IsGiven(parsed) ? options.LastFailed.Read(parsed, parent) : null;
        using var view = options.Guests.View(parsed, json);
        if (failed is { Ids.Count: 0 })
        {
            view.Report($"no case failed in {failed.Run}: there is nothing to repeat");
            return failed.Code;
        }

        var (lab, cases, known) = await options.ChooseAsync(parsed, failed, view, cancellation);
        var required = new RequiredCases(parsed.GetValue(Require) ?? [], cases);
        var estimate = RunEstimate.Of(lab, cases, options.Guests.Guests(parsed));
        if (!options.Selection.IsGiven(parsed) && failed is null && !parsed.GetValue(All))
            throw new UsageException(
                $"nothing was chosen; all of it is {EstimateWords.Of(estimate)}; "
                    + "`pstorelab run --all` runs that, `pstorelab run cycle` a family, `pstorelab list` shows what "
                    + "there is"
            );
        view.Report(EstimateWords.Of(estimate));
        using var gate = options.Limits.Gate(parsed);
        var run = await RecordedRun.RunAsync(
            lab,
            cases,
            options.Guests,
            parsed,
            view,
            result =>
            {
                if (json)
                    Terminal.Json(EvidenceJson.Line(result));
                else
                    view.Print(result);
            },
            cancellation,
            gate: gate,
            options: RunOptions.OfTheCases(parsed)
        );
        view.End();
        if (!json)
        {
            VerdictTable.Print(
                Terminal.Out,
                run.Results,
                run.Folder,
                result => Repeat.Command(run.Record, result),
                options.Guests.Verbosity(parsed)
            );
            options.Append.Print(parsed);
        }

        await run.ReportAsync();
        var told = KnownOption.Told(known, cases, run.Results);
        foreach (string notice in told)
            Terminal.Error(notice);
        options.Reports.Write(
            parsed,
            run.Finished,
            [.. KnownOption.Expired(known), .. told],
            () => known.With(lab.Scenarios.Bugs())
        );
        int code = ExitCode.Of([.. run.Results.Select(result => result.Verdict)], run.Record.NotRun.Count);
        if (gate.Why is { } why && run.Record.NotRun is { Count: > 0 } left)
            Terminal.Error($"{left.Count} of {cases.Count} cases were not run: {why}");
        if (code == ExitCode.NothingTested && !cancellation.IsCancellationRequested)
            Terminal.Error(Wording.NothingTested);
        if (required.Unsupported(run.Results) is { } lacking)
        {
            Terminal.Error(lacking);
            // For a search of commits that is no verdict on the kernel.
            code =
                parsed.GetValue(GitBisectOption.Option) && code != ExitCode.Failed
                    ? ExitCode.NothingTested
                    : ExitCode.Failed;
        }
        if (!cancellation.IsCancellationRequested)
            return code is ExitCode.Passed && (run.Fault is not null || Retried(parsed, run)) ? ExitCode.Infra : code;
        Terminal.Error($"interrupted: {run.Results.Count} of {cases.Count} cases have a verdict, and no guest is left");
        return ExitCode.Interrupted;
    }

    private static bool Retried(ParseResult parsed, RecordedRun run)
    {
        if (!parsed.GetValue(FailOnRetry))
            return false;
        string[] retried = [.. run.Results.Where(result => result.Attempts.Count > 1).Select(result => result.Case)];
        if (retried.Length > 0)
            Terminal.Error($"--fail-on-retry: more than one attempt at {string.Join(", ", retried)}");
        return retried.Length > 0;
    }
}
