using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab run</c>: boots cases and prints their verdicts.</summary>
internal static class RunCommand
{
    private static readonly Option<int?> Jobs = new("--jobs", "-j") { Description = "Guests at once; one per core when left out, fewer when memory is short.", HelpName = "N" };
    private static readonly Option<int> Repeat = new("--repeat") { Description = "Runs every case so many times.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Accel = new("--accel") { Description = "kvm or tcg; the one that was proven to boot a guest here when left out.", HelpName = "NAME" };
    private static readonly Option<string?> Out = new("--out") { Description = "The folder that gets the run's folder; out/ of the checkout when left out.", HelpName = "DIR" };
    private static readonly Option<bool> Json = new("--json") { Description = "Prints results as JSON lines instead of a table." };

    public static Command Create()
    {
        Accel.AcceptOnlyFromAmong("kvm", "tcg");
        Jobs.Validators.Add(result => { if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--jobs: at least 1"); });
        Repeat.Validators.Add(result => { if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError("--repeat: 1 to 10000"); });
        var command = new Command("run", "Boots cases and judges what pstore kept. Example: pstorelab run cycle --filter backend=ramoops")
        {
            Jobs, Repeat, Accel, Out, Json,
        };
        var selection = new Selection(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, selection, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Selection selection, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        using var view = ProgressView.Create();
        var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
        var cases = Repeated(selection.Of(parsed, lab), parsed.GetValue(Repeat));
        foreach (var @case in cases)
            Planner.Check(@case);
        var accelerator = await lab.AcceleratorAsync(parsed.GetValue(Accel), cancellation);
        var folder = RunFolder.Create(parsed.GetValue(Out) ?? lab.Paths.Out, TimeProvider.System);
        view.Begin(cases.Count, accelerator, folder);
        var run = new LabRun(lab.RunnerFor(folder, accelerator, parsed.GetValue(Jobs)), lab.Durations);
        await using var lines = new JsonLinesReport(folder.In("results.jsonl"));
        var results = await run.RunAsync(
            cases,
            async result =>
            {
                await lines.AddAsync(result);
                if (json)
                    Console.Out.WriteLine(EvidenceJson.Line(result));
                else
                    view.Add(result);
            },
            cancellation);
        view.End();
        if (!json)
            VerdictTable.Print(Terminal.Out, results, folder);
        await ReportCatalogue.WriteAllAsync(folder, results, CancellationToken.None);
        if (lines.Fault is { } fault)
            Terminal.Error(fault);
        int code = ExitCode.Of([.. results.Select(result => result.Verdict)]);
        if (!cancellation.IsCancellationRequested)
            return code is ExitCode.Passed && lines.Fault is not null ? ExitCode.Infra : code;
        Terminal.Error($"interrupted: {results.Count} of {cases.Count} cases have a verdict, and no guest is left");
        return ExitCode.Interrupted;
    }

    private static IReadOnlyList<Case> Repeated(IReadOnlyList<Case> cases, int times) =>
        times == 1 ? cases : [.. Enumerable.Range(1, times).SelectMany(n => cases.Select(@case => @case with { Id = $"{@case.Id}+{n}" }))];
}
