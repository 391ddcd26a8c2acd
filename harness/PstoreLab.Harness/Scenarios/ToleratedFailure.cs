using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// A failure that a user's own list of known bugs tolerates: the case is <c>known</c> where every finding that does not
/// hold is one of these.
/// </summary>
/// <param name="Bug">What the user calls the bug.</param>
/// <param name="Findings">Texts of findings, each whole, with <c>*</c> for what differs.</param>
/// <param name="Ticket">Where the user follows it.</param>
/// <param name="Source">The entry, <c>file:line:column</c>.</param>
public sealed record ToleratedFailure(string Bug, IReadOnlyList<string> Findings, string Ticket, string Source)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Whether a finding of this text is one of those that are tolerated.</summary>
    public bool Names(string text) => Findings.Any(pattern => IsLike(pattern, text));

    private static bool IsLike(string pattern, string text) =>
        Regex.IsMatch(
            text,
            $@"\A{string.Join(".*", pattern.Split('*').Select(Regex.Escape))}\z",
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
            Limit
        );
}
