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
    /// <summary>Whether a finding of this text is one of those that are tolerated.</summary>
    public bool Names(string text) => Findings.Any(pattern => IsLike(pattern, text));

    private static bool IsLike(string pattern, string text)
    {
        string[] parts = pattern.Split('*');
        if (parts is [var whole])
            return text == whole;
        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
            return false;
        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }
        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
