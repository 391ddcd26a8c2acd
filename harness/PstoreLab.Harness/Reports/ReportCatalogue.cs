using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Reports;

/// <summary>The reports that are written at the end of every run, an interrupted one included.</summary>
public static class ReportCatalogue
{
    public static IReadOnlyList<IReport> All { get; } = [new JunitReport(), new KtapReport()];

    /// <exception cref="InfraException">A report cannot be written; names it.</exception>
    public static async Task WriteAllAsync(RunFolder folder, FinishedRun run, CancellationToken cancellation)
    {
        foreach (var report in All)
        {
            try
            {
                await File.WriteAllTextAsync(folder.In(report.FileName), report.Write(run), cancellation);
            }
            catch (IOException e)
            {
                throw new InfraException($"{folder.In(report.FileName)} cannot be written: {e.Message}", e);
            }
        }
    }
}
