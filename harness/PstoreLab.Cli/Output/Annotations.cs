using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Reports;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The annotations of a run for GitHub, one line each: what failed, at the line of the scenario that asked for it.
/// </summary>
internal static partial class Annotations
{
    // GitHub shows ten of a kind for each step.
    private const int Most = 10;

    /// <param name="notices">What else somebody must be told, each beginning with <c>file:line:column</c>.</param>
    /// <param name="workspace">The folder of the checkout that annotated files are relative to; null where it is not
    /// known.</param>
    public static IReadOnlyList<string> Of(FinishedRun run, IReadOnlyList<string> notices, string? workspace)
    {
        CaseResult[] broken =
        [
            .. run
                .Results.Where(result =>
                    result.Verdict is Verdict.Failed or Verdict.Infra or Verdict.Error or Verdict.Internal
                )
                .OrderBy(result => result.Verdict != Verdict.Failed),
        ];
        int shown = broken.Length > Most ? Most - 1 : broken.Length;
        List<string> lines = [.. broken.Take(shown).Select(result => Error(run, result, workspace))];
        if (shown < broken.Length)
            lines.Add(Command("error", [("title", "pstorelab")], $"and {broken.Length - shown} more"));
        lines.AddRange(
            notices
                .Take(Most - 1)
                .Select(notice => Command("warning", [("title", "known bugs"), .. Place(notice, workspace)], notice))
        );
        if (run.NotRun is [var first, ..])
            lines.Add(Command("warning", [("title", "not all was run")], $"{run.NotRun.Count} cases: {first.Why}"));
        return lines;
    }

    private static string Error(FinishedRun run, CaseResult result, string? workspace)
    {
        string source = result.Findings.FirstOrDefault(finding => !finding.Held)?.Source ?? "";
        return Command(
            "error",
            [("title", $"{VerdictStyle.Word(result.Verdict)}: {result.Case}"), .. Place(source, workspace)],
            $"{result.Reason}\n{Repeat.Command(run.Record, result)}"
        );
    }

    private static IEnumerable<(string Name, string Value)> Place(string text, string? workspace)
    {
        if (workspace is null || Source().Match(text) is not { Success: true } place)
            return [];
        string path = Path.GetRelativePath(workspace, Path.GetFullPath(place.Groups["file"].Value));
        return path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path)
            ? []
            : [("file", path), ("line", place.Groups["line"].Value), ("col", place.Groups["column"].Value)];
    }

    // What a guest has printed is in both: a line feed would begin a command of its own, a comma another property.
    private static string Command(string name, IEnumerable<(string Name, string Value)> properties, string message) =>
        $"::{name} {string.Join(',', properties.Select(one => $"{one.Name}={Property(one.Value)}"))}"
        + $"::{Data(message)}";

    private static string Data(string text) =>
        VisibleText
            .Of(text)
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal)
            // The older form of a command is obeyed anywhere in a line.
            .Replace("##[", "##%5B", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    [GeneratedRegex(@"\A(?<file>[^:\n]+):(?<line>\d+):(?<column>\d+)(:|\z)")]
    private static partial Regex Source();
}
