using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
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
        };
        var guests = new GuestOptions(command);
        var selection = new Selection(command);
        var kernels = new OwnGuestsOption(command);
        var known = new KnownOption(command);
        var limits = new LimitOptions(command);
        var reports = new ReportOptions(command);
        command.SetAction(
            (parsed, cancellation) => RunAsync(parsed, selection, guests, kernels, known, limits, reports, cancellation)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        Selection selection,
        GuestOptions guests,
        OwnGuestsOption kernels,
        KnownOption known,
        LimitOptions limits,
        ReportOptions reports,
        CancellationToken cancellation
    )
    {
        bool json = parsed.GetValue(Json);
        // A kernel is unpacked for what can be meant alone.
        selection.Check(parsed);
        reports.Check(parsed);
        using var view = ProgressView.Create();
        var lab = await kernels.OpenAsync(parsed, view, cancellation);
        var chosen = selection.Of(parsed, lab);
        var quarantine = known.Read(parsed, lab, chosen);
        var cases = guests.Repeated(parsed, KnownOption.Applied(quarantine, chosen));
        var required = new RequiredCases(parsed.GetValue(Require) ?? [], cases);
        var estimate = RunEstimate.Of(lab, cases, guests.Jobs(parsed) ?? Environment.ProcessorCount);
        if (!selection.IsGiven(parsed) && !parsed.GetValue(All))
            throw new UsageException(
                $"nothing was chosen; all of it is {EstimateWords.Of(estimate)}; "
                    + "`pstorelab run --all` runs that, `pstorelab run cycle` a family, `pstorelab list` shows what "
                    + "there is"
            );
        view.Report(EstimateWords.Of(estimate));
        using var gate = limits.Gate(parsed);
        var run = await RecordedRun.RunAsync(
            lab,
            cases,
            guests,
            parsed,
            view,
            result =>
            {
                if (json)
                    Terminal.Json(EvidenceJson.Line(result));
                else
                    view.Add(result);
            },
            cancellation,
            gate: gate,
            options: kernels.Words(parsed)
        );
        view.End();
        if (!json)
            VerdictTable.Print(Terminal.Out, run.Results, run.Folder);
        await run.ReportAsync();
        var told = KnownOption.Told(quarantine, cases, run.Results);
        foreach (string notice in told)
            Terminal.Error(notice);
        reports.Write(
            parsed,
            run.Finished,
            [.. KnownOption.Expired(quarantine), .. told],
            () => quarantine.With(lab.Scenarios.Bugs())
        );
        int code = ExitCode.Of([.. run.Results.Select(result => result.Verdict)], run.Record.NotRun.Count);
        if (gate.Why is { } why && run.Record.NotRun is { Count: > 0 } left)
            Terminal.Error($"{left.Count} of {cases.Count} cases were not run: {why}");
        if (code == ExitCode.NothingTested && !cancellation.IsCancellationRequested)
            Terminal.Error(Wording.NothingTested);
        if (required.Unsupported(run.Results) is { } lacking)
        {
            Terminal.Error(lacking);
            code = ExitCode.Failed;
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
