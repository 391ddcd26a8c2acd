using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Reports;

/// <summary>How somebody who reads a report does a case again.</summary>
public static class Repeat
{
    /// <summary>The command line. A repetition is the case once more.</summary>
    /// <param name="record">What the run says of itself; null of one that is too old to say anything.</param>
    public static string Command(RunRecord? record, CaseResult result) =>
        $"pstorelab run {ShellWords.Join([.. Choice(record, result), .. record?.Options ?? []])}";

    // A case in a file anywhere has no name outside it.
    private static IEnumerable<string> Choice(RunRecord? record, CaseResult result) =>
        record?.Files.GetValueOrDefault(ScenarioOf(result.Case)) is { } file
            ? [file, .. result.Dimensions.SelectMany(one => (string[])["--filter", $"{one.Key}={one.Value}"])]
            : [CaseOf(result.Case)];

    private static string ScenarioOf(string id) => string.Join('/', id.Split('/').Take(2));

    private static string CaseOf(string id) =>
        id.LastIndexOf('+') is >= 0 and var at && id.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? id[..at]
            : id;
}
