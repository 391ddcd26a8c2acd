using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PstoreLab.Report.Content;

/// <summary>Puts cases together that have one cause, what failed first.</summary>
internal static partial class Causes
{
    /// <summary>
    /// From the worst to the best, as the exit code of <c>run</c> has it; a catalogued bug is more to know than a pass.
    /// </summary>
    public static IReadOnlyList<string> VerdictOrder { get; } =
    ["failed", "internal", "error", "infra", "known", "passed", "unsupported"];

    /// <summary>Its place in <see cref="VerdictOrder"/>.</summary>
    public static int Rank(string verdict) => VerdictOrder.ToList().IndexOf(verdict);

    public static IReadOnlyList<ReportGroup> Of(IEnumerable<ReportCase> cases) =>
        [
            .. cases
                .GroupBy(one => (one.Verdict, Key: KeyOf(one)))
                .OrderBy(group => Rank(group.Key.Verdict))
                .ThenByDescending(group => group.Key.Verdict is "passed" or "known" ? 0 : group.Count())
                .ThenBy(group => group.Key.Key, StringComparer.Ordinal)
                .Select(group => new ReportGroup(
                    $"cause/{group.Key.Verdict}/{Digest(group.Key.Key)}",
                    group.Key.Verdict,
                    group.First().IsBad || group.Key.Verdict == "unsupported" ? TitleOf(group.First()) : group.Key.Key,
                    [.. group.Select(one => one.Case)]
                )),
        ];

    /// <summary>How often each verdict is there, the worst first.</summary>
    public static IReadOnlyDictionary<string, int> Count(IEnumerable<string> verdicts) =>
        new OrderedDictionary<string, int>(verdicts.CountBy(one => one).OrderBy(pair => Rank(pair.Key)));

    private static string KeyOf(ReportCase one) =>
        one.Verdict switch
        {
            "passed" => one.Scenario,
            "known" => one.Bug ?? one.Reason,
            _ => Alike(TitleOf(one)),
        };

    // The reason may count further findings; the cause is the first of them.
    private static string TitleOf(ReportCase one) =>
        one.Verdict == "failed"
        && one.Findings.FirstOrDefault(finding => !finding.Held) is { } broken
        && one.Reason.StartsWith(broken.Text, StringComparison.Ordinal)
            ? broken.Text
        : one.Reason.Length > 0 ? one.Reason
        : "no reason was given";

    /// <summary>The sentence without what differs from case to case.</summary>
    private static string Alike(string sentence) => Numbers().Replace(Quoted().Replace(sentence, "\"…\""), "N");

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:0x)?[0-9a-f]*[0-9][0-9a-f.]*")]
    private static partial Regex Numbers();
}
