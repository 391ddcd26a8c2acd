using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Report.Input;

/// <summary>What repeats a case: by its id where the scenario is a shipped one, by its file where it is not.</summary>
internal static partial class RepeatCommand
{
    private const string Shipped = "/scenarios/";

    public static string Of(CaseResult result)
    {
        string? file = result
            .Findings.Select(finding => Source().Match(finding.Source))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .FirstOrDefault(path => !path.Contains(Shipped, StringComparison.Ordinal));
        if (file is null || result.Case.Count(one => one == '/') < 2)
            return $"pstorelab run {Quoted(Repetition().Replace(result.Case, ""))}";
        return $"pstorelab run {Quoted(file)}"
            + string.Concat(result.Dimensions.Select(one => $" --filter {Quoted($"{one.Key}={one.Value}")}"));
    }

    private static string Quoted(string word) =>
        Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^(/?.+\.ya?ml):\d+:\d+$")]
    private static partial Regex Source();

    [GeneratedRegex(@"\+\d+$")]
    private static partial Regex Repetition();

    [GeneratedRegex(@"^[\w./=:@%+,-]+$")]
    private static partial Regex Plain();
}
