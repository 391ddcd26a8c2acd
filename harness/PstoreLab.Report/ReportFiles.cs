using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Report.Content;
using PstoreLab.Report.Input;
using PstoreLab.Report.Pages;

namespace PstoreLab.Report;

/// <summary>The two files of a report.</summary>
public static class ReportFiles
{
    public const string Html = "report.html";

    public const string Json = "report.json";

    /// <summary>Writes both beside the results that they are made of; older ones are replaced.</summary>
    /// <param name="bugs">The catalogue; empty where it is not at hand.</param>
    /// <returns>What they say.</returns>
    /// <exception cref="UsageException">They cannot be written there.</exception>
    public static async Task<ReportContent> WriteAsync(
        RunResults run,
        IReadOnlyList<Bug> bugs,
        CancellationToken cancellation
    )
    {
        var content = RunReader.Read(run, bugs);
        string html = await ReportHtml.TextAsync(content);
        try
        {
            await ReplaceAsync(Path.Combine(run.Root, Json), ReportJson.Text(content), cancellation);
            await ReplaceAsync(Path.Combine(run.Root, Html), html, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the report cannot be written to {run.Root}: {e.Message}; copy the run first", e);
        }

        return content;
    }

    /// <summary>What <see cref="Json"/> would hold.</summary>
    public static string JsonOf(RunResults run, IReadOnlyList<Bug> bugs) =>
        ReportJson.Text(RunReader.Read(run, bugs)).TrimEnd();

    // What a link of that name leads to stays as it is: the folder may be a stranger's.
    private static async Task ReplaceAsync(string path, string text, CancellationToken cancellation)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        await File.WriteAllTextAsync(fresh, text, cancellation);
        File.Move(fresh, path, overwrite: true);
    }
}
