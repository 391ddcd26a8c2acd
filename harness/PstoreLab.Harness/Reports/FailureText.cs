using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Reports;

/// <summary>A case that did not go well, in words: the same on the terminal and in NUnit.</summary>
/// <param name="Blame">Whose turn it is, in a sentence without a full stop.</param>
/// <param name="Rows">What to know of it, most important first; a title of one or two words, and a text that may
/// have several lines.</param>
/// <param name="ToCopy">Paths and commands, each with a title as well, and one line.</param>
public sealed record FailureText(
    string Blame,
    IReadOnlyList<(string Title, string Text)> Rows,
    IReadOnlyList<(string Title, string Line)> ToCopy
)
{
    private const int MostFindings = 3;

    /// <param name="again">The command that runs the case again.</param>
    public static FailureText Of(CaseResult result, RunFolder run, string again)
    {
        var folder = run.Case(result.Case);
        var broken = result.Findings.Where(finding => !finding.Held).ToList();
        var others = broken
            .Where(finding => !result.Reason.StartsWith(finding.Text, StringComparison.Ordinal))
            .ToList();
        return new FailureText(
            BlameOf(result.Verdict),
            [
                ("cause", result.Reason),
                .. broken.Select(finding => finding.Line).OfType<LineDifference>().Take(1).SelectMany(Lines),
                .. others.Take(MostFindings).Select(finding => ("also", finding.Text)),
                .. others.Count > MostFindings
                    ? [("also", $"{others.Count - MostFindings} more, in {Shortest(folder.Verdict)}")]
                    : Array.Empty<(string, string)>(),
                .. broken
                    .Select(finding => finding.Source)
                    .Where(source => source.Length > 0)
                    .Take(1)
                    .Select(source => ("asked by", source)),
                .. result
                    .Attempts.SkipLast(1)
                    .Select((attempt, index) => ($"attempt {index + 1}", $"{attempt.Reason}; in {attempt.Folder}")),
            ],
            [
                ("evidence", Shortest(folder.Root)),
                ("again", again),
                .. File.Exists(folder.Repro)
                    ? [("by hand", ShellWords.Join(["bash", Shortest(folder.Repro)]))]
                    : Array.Empty<(string, string)>(),
            ]
        );
    }

    /// <summary>All titles.</summary>
    public IEnumerable<string> Titles => [.. Rows.Select(row => row.Title), .. ToCopy.Select(row => row.Title)];

    // From where the reader is.
    private static string Shortest(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.Length < path.Length
            ? relative
            : path;

    private static string BlameOf(Verdict verdict) =>
        verdict switch
        {
            Verdict.Failed => "the kernel, its backend or its archiver broke an expectation",
            Verdict.Infra => "not the kernel: QEMU, the host or an image got in the way at every attempt",
            Verdict.Error => "the scenario or the command line is wrong",
            Verdict.Internal => "PstoreLab itself is wrong",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "is no failure"),
        };

    /// <summary>Both lines, with a mark below the first place where they differ.</summary>
    private static IEnumerable<(string Title, string Text)> Lines(LineDifference line)
    {
        yield return ("expected", line.Expected ?? "nothing: the console has no more lines");
        string found = line.Found ?? "nothing: the record has no more lines";
        if (line is { Expected: { } expected, Found: { } here })
            found += $"\n{new string(' ', expected.AsSpan().CommonPrefixLength(here))}^";
        yield return ($"line {line.Number}", found);
    }
}
