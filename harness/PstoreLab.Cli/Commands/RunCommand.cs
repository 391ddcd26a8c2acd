using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;

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

    public static Command Create()
    {
        var command = new Command(
            "run",
            "Boots cases and judges what pstore kept. Example: pstorelab run cycle --filter backend=ramoops"
        )
        {
            Json,
            FailOnRetry,
        };
        var guests = new GuestOptions(command);
        var selection = new Selection(command);
        var kernels = new OwnGuestsOption(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, selection, guests, kernels, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        Selection selection,
        GuestOptions guests,
        OwnGuestsOption kernels,
        CancellationToken cancellation
    )
    {
        bool json = parsed.GetValue(Json);
        using var view = ProgressView.Create();
        var lab = await kernels.OpenAsync(parsed, view, cancellation);
        var cases = guests.Repeated(parsed, selection.Of(parsed, lab));
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
            cancellation
        );
        view.End();
        if (!json)
            VerdictTable.Print(Terminal.Out, run.Results, run.Folder);
        await run.ReportAsync();
        int code = ExitCode.Of([.. run.Results.Select(result => result.Verdict)]);
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
