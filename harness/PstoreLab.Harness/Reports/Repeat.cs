namespace PstoreLab.Harness.Reports;

/// <summary>How somebody who reads a report does a case again.</summary>
public static class Repeat
{
    /// <summary>The command line; an id is a shell word as it stands. A repetition is the case once more.</summary>
    public static string Command(string id) => $"pstorelab run {CaseOf(id)}";

    private static string CaseOf(string id) =>
        id.LastIndexOf('+') is >= 0 and var at && id.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? id[..at]
            : id;
}
