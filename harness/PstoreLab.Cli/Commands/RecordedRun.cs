using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>A run with a folder of its own, whose results are written as they come.</summary>
/// <param name="Fault">Why <c>results.jsonl</c> is not complete; null where it is.</param>
/// <param name="Record">What is written of the run beside its results.</param>
internal sealed record RecordedRun(RunFolder Folder, IReadOnlyList<CaseResult> Results, string? Fault, RunRecord Record)
{
    /// <summary>What reports are written of.</summary>
    public FinishedRun Finished => new(Results, Record);

    /// <param name="onResult">Called for one result at a time.</param>
    /// <param name="before">Takes what it can take in another way, and leaves the rest; null for nothing.</param>
    /// <param name="options">See <see cref="RunRecord.Options"/>.</param>
    /// <param name="gate">Lets cases begin, or no more; null for all.</param>
    /// <returns>After a cancellation, with the results that were ready.</returns>
    public static async Task<RecordedRun> RunAsync(
        Lab lab,
        IReadOnlyList<Case> cases,
        GuestOptions guests,
        ParseResult parsed,
        ProgressView view,
        Action<CaseResult> onResult,
        CancellationToken cancellation,
        Func<Accelerator, RunFolder, Func<CaseResult, Task>, Task<IReadOnlyList<Case>>>? before = null,
        RunGate? gate = null,
        IReadOnlyList<string>? options = null
    )
    {
        // Of stores that are not ours each has its own fault.
        foreach (var @case in cases.Where(@case => @case.GivenStore is null))
            Planner.Check(@case);
        var accelerator = await lab.AcceleratorAsync(guests.Accelerator(parsed), cancellation);
        var folder = RunFolder.Create(guests.Out(parsed) ?? lab.Paths.Out, TimeProvider.System);
        view.Begin(cases, guests.Guests(parsed), lab.Durations, accelerator, folder);
        var record = await RunRecords.BeginAsync(lab, folder, cases, accelerator, options ?? [], cancellation);
        await using var lines = new JsonLinesReport(folder.In("results.jsonl"));
        var runner = lab.RunnerFor(folder, accelerator, guests.Jobs(parsed), guests.Boots(parsed), view);
        var results = new List<CaseResult>();
        var left = before is null ? cases : await before(accelerator, folder, TakeAsync);
        await new LabRun(runner, lab.Durations, gate).RunAsync(left, TakeAsync, cancellation);
        var inOrder = results.ToDictionary(result => result.Case);
        return new RecordedRun(
            folder,
            [.. cases.Select(@case => inOrder.GetValueOrDefault(@case.Id)).OfType<CaseResult>()],
            lines.Fault,
            RunRecords.End(record, results, gate?.Why ?? "the run was interrupted")
        );

        async Task TakeAsync(CaseResult result)
        {
            await lines.AddAsync(result);
            results.Add(result);
            view.Took(result);
            gate?.Add(result);
            onResult(result);
        }
    }

    /// <summary>Writes what is written at the end of a run, an interrupted one included.</summary>
    public async Task ReportAsync()
    {
        await ReportCatalogue.WriteAllAsync(Folder, Finished, CancellationToken.None);
        await RunRecords.WriteAsync(Folder, Record, CancellationToken.None);
        if (Results.Count > 0)
            await RunReport.WriteAtTheEndAsync(Folder.Root);
        if (Fault is not null)
            Terminal.Error(Fault);
    }
}
