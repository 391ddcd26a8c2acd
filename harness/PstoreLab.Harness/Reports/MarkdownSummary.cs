using System.Globalization;
using System.Text;
using PstoreLab.Harness.Evidence;
using static PstoreLab.Harness.Reports.MarkdownText;

namespace PstoreLab.Harness.Reports;

/// <summary>
/// A run in GitHub's Markdown, for the page of a pipeline or a merge request: how many of each verdict, the failures
/// with their cause and how to repeat them, the known bugs, and what did not run.
/// </summary>
public static class MarkdownSummary
{
    // GitHub takes 1 MiB of a step, and nobody reads so many.
    private const int MostShown = 100;
    private const int LongestCause = 1000;

    /// <param name="notices">What else somebody must be told, a sentence each: of a user's own known bugs.</param>
    public static string Of(FinishedRun run, IReadOnlyList<string> notices)
    {
        var text = new StringBuilder($"## pstorelab: {Counts(run)}\n\n");
        CaseResult[] broken =
        [
            .. run
                .Results.Where(result => IsBroken(result.Verdict))
                .OrderBy(result => result.Verdict != Verdict.Failed),
        ];
        if (broken.Length > 0)
            text.Append("| | case | cause | again |\n|---|---|---|---|\n");
        foreach (var result in broken.Take(MostShown))
            text.Append(
                $"| {Word(result.Verdict)} | {Escaped(result.Case)} | {Escaped(Cause(result.Reason))} | "
                    + $"{Code(Repeat.Command(run.Record, result))} |\n"
            );
        if (broken.Length > MostShown)
            text.Append($"\n… and {broken.Length - MostShown} more, in `junit.xml`.\n");
        if (broken.Length > 0)
            text.Append('\n');
        AppendKnown(text, run.Results);
        AppendUnsupported(text, run.Results);
        foreach (var group in run.NotRun.GroupBy(one => one.Why))
            text.Append($"**Not run**, because {Escaped(group.Key)}: {Names(group.Select(one => one.Case))}\n\n");
        foreach (string notice in notices)
            text.Append($"- {Escaped(notice)}\n");
        if (notices.Count > 0)
            text.Append('\n');
        var host = run.Record.Host;
        text.Append(
            $"<sub>QEMU {Escaped(host.Qemu)} with {Escaped(host.Accelerator)} on {Escaped(host.System)}; "
                + $"PstoreLab {Escaped(run.Record.Version)}; run {Escaped(run.Record.Id)}</sub>\n"
        );
        return text.ToString();
    }

    /// <summary>How many of each verdict, and how many did not run: <c>1 failed, 3 passed, 2 not run</c>.</summary>
    public static string Counts(FinishedRun run)
    {
        string[] counts =
        [
            .. Enum.GetValues<Verdict>()
                .OrderBy(verdict => !IsBroken(verdict))
                .Select(verdict => (Verdict: verdict, Count: run.Results.Count(result => result.Verdict == verdict)))
                .Where(pair => pair.Count > 0)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Count} {Word(pair.Verdict)}")),
            .. run.NotRun.Count > 0 ? [$"{run.NotRun.Count} not run"] : (string[])[],
        ];
        return counts.Length > 0 ? string.Join(", ", counts) : "no case";
    }

    private static bool IsBroken(Verdict verdict) =>
        verdict is Verdict.Failed or Verdict.Internal or Verdict.Error or Verdict.Infra;

    private static void AppendKnown(StringBuilder text, IReadOnlyList<CaseResult> results)
    {
        var bugs = results.Where(result => result.Verdict == Verdict.Known).GroupBy(result => result.Reason).ToList();
        if (bugs.Count == 0)
            return;
        text.Append("| known bug | cases | |\n|---|---|---|\n");
        foreach (var bug in bugs)
        {
            string note = string.Join(
                "; ",
                bug.SelectMany(result => result.Findings)
                    .Where(one => one.Layer == "known")
                    .Select(one => one.Text)
                    .Distinct()
            );
            text.Append($"| {Escaped(bug.Key)} | {Names(bug.Select(result => result.Case))} | {Escaped(note)} |\n");
        }
        text.Append('\n');
    }

    private static void AppendUnsupported(StringBuilder text, IReadOnlyList<CaseResult> results)
    {
        foreach (
            var why in results
                .Where(result => result.Verdict == Verdict.Unsupported)
                .GroupBy(result => result.Reason)
                .Take(MostShown)
        )
            text.Append($"**Unsupported**, {Escaped(Cause(why.Key))}: {Names(why.Select(result => result.Case))}\n\n");
    }

    private static string Names(IEnumerable<string> cases)
    {
        const int shown = 10;
        string[] all = [.. cases];
        return string.Join(", ", all.Take(shown).Select(Escaped))
            + (all.Length > shown ? $" and {all.Length - shown} more" : "");
    }

    // A bar would end the cell also in here.
    private static string Code(string text) =>
        $"`{text.Replace('`', '\'').Replace("|", @"\|", StringComparison.Ordinal)}`";

    private static string Cause(string reason) => reason.Length > LongestCause ? reason[..LongestCause] + " …" : reason;

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
