using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Scenarios;

/// <summary>
/// The one run that a test process is: one lab, one accelerator, one folder under <c>out/</c>, one set of places for
/// guests. It begins with the first test that boots something, so that discovery needs neither QEMU nor a kernel.
/// </summary>
internal sealed class LabSession : IAsyncDisposable
{
    private static readonly Lazy<Task<LabSession>> Only = new(() => Task.Run(BeginAsync));

    private readonly CaseRunner _runner;
    private readonly JsonLinesReport _lines;
    private readonly SemaphoreSlim _oneResult = new(1);
    private readonly List<CaseResult> _results = [];
    private readonly RunRecord _record;

    private LabSession(Accelerator accelerator, RunFolder folder, RunRecord record)
    {
        Accelerator = accelerator;
        _record = record;
        Folder = folder;
        _runner = Lab.RunnerFor(folder, accelerator, jobs: null, BootPolicy.Default);
        _lines = new JsonLinesReport(folder.In("results.jsonl"));
    }

    public static Lab Lab { get; } = new(Checkout.Find(), TimeProvider.System);

    public Accelerator Accelerator { get; }

    public RunFolder Folder { get; }

    /// <summary>The session, begun when nobody has yet.</summary>
    public static Task<LabSession> CurrentAsync() => Only.Value;

    /// <summary>Writes the reports of a session that was begun.</summary>
    public static async Task EndAsync()
    {
        if (Only is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await Only.Value).DisposeAsync();
    }

    /// <summary>Takes a case to its verdict, which becomes part of the reports.</summary>
    public async Task<CaseResult> RunAsync(Case @case)
    {
        var result = await _runner.RunAsync(@case, TestContext.CurrentContext.CancellationToken);
        await _oneResult.WaitAsync();
        try
        {
            _results.Add(result);
            await _lines.AddAsync(result);
        }
        finally
        {
            _oneResult.Release();
        }

        return result;
    }

    /// <summary>Writes what is written at the end of a run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync();
        await ReportCatalogue.WriteAllAsync(
            Folder,
            new FinishedRun([.. _results.OrderBy(result => result.Case, StringComparer.Ordinal)], _record),
            CancellationToken.None
        );
        await Lab.Durations.SaveAsync(_results, CancellationToken.None);
        _oneResult.Dispose();
        TestContext.Progress.WriteLine($"results and evidence: {Folder.Root}");
    }

    private static async Task<LabSession> BeginAsync()
    {
        var accelerator = await Lab.AcceleratorAsync(wanted: null, CancellationToken.None);
        var folder = RunFolder.Create(Lab.Paths.Out, TimeProvider.System);
        // Which cases there will be, only NUnit knows.
        return new LabSession(
            accelerator,
            folder,
            await RunRecords.BeginAsync(Lab, folder, cases: [], accelerator, options: [], CancellationToken.None)
        );
    }
}
