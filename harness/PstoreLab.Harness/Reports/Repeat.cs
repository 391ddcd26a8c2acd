using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Reports;

/// <summary>How somebody who reads a report does a case again.</summary>
public static class Repeat
{
    /// <summary>The command line. A repetition is the case once more.</summary>
    public static string Command(FinishedRun run, string id) =>
        $"pstorelab run {ShellWords.Join([CaseOf(id), .. run.Record.Options])}";

    private static string CaseOf(string id) =>
        id.LastIndexOf('+') is >= 0 and var at && id.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? id[..at]
            : id;
}
