using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Report;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary>The report of a run: <c>report.html</c>, and <c>report.json</c> beside it.</summary>
internal static class RunReport
{
    /// <summary>Writes it beside the other reports. Where that fails, the verdicts stand.</summary>
    public static async Task WriteAtTheEndAsync(string folder)
    {
        try
        {
            var run = RunResults.Load(folder);
            await ReportFiles.WriteAsync(run, Bugs(), CancellationToken.None);
        }
        catch (LabException fault)
        {
            Terminal.Error($"there is no {ReportFiles.Html}: {fault.Message}");
        }
        catch (Exception fault)
        {
            Terminal.Error(
                $"there is no {ReportFiles.Html}: {InternalFault.Describe(fault)}; this is a fault of PstoreLab, "
                    + "please report it with this folder"
            );
        }
    }

    /// <summary>Writes it into the folder of a run that is over.</summary>
    /// <exception cref="UsageException">It is more than one run, or cannot be written there.</exception>
    public static async Task<int> WriteAsync(
        IReadOnlyList<RunResults> runs,
        string? elsewhere,
        bool json,
        CancellationToken cancellation
    )
    {
        if (runs is not [var run])
            throw new UsageException(
                "a report is of one run; name one folder, such as out/latest: the runs beside it are its history"
            );
        if (elsewhere is not null)
            throw new UsageException(
                "--out is for --atlas and --coverage: a report links the evidence, so it lies in the run's folder"
            );
        if (json)
        {
            Terminal.Json(ReportFiles.JsonOf(run, Bugs()));
            return ExitCode.Passed;
        }

        var report = await ReportFiles.WriteAsync(run, Bugs(), cancellation);
        Terminal.Out.MarkupLineInterpolated(
            $"{string.Join(", ", report.Counts.Select(one => $"{one.Value} {one.Key}"))}"
        );
        foreach (string name in (string[])[ReportFiles.Html, ReportFiles.Json])
            Terminal.Out.MarkupLineInterpolated($"{Path.Combine(run.Root, name)}");
        return ExitCode.Passed;
    }

    // A run can be looked at where there is no checkout; its bugs then have a name and no description.
    private static IReadOnlyList<Bug> Bugs()
    {
        try
        {
            return new Lab(Checkout.Find(), TimeProvider.System).Scenarios.Bugs();
        }
        catch (UsageException)
        {
            return [];
        }
    }
}
