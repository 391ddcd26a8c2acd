using System.IO.Enumeration;

namespace PstoreLab.Harness.Scenarios;

/// <summary>A word that names cases: a family, a scenario, a case, or a glob over their ids.</summary>
public static class CasePattern
{
    /// <summary>Whether a case, or a repetition of it, is meant.</summary>
    public static bool Matches(string word, string id) =>
        id == word
        || id.StartsWith(word + "/", StringComparison.Ordinal)
        || id.StartsWith(word + "+", StringComparison.Ordinal)
        || FileSystemName.MatchesSimpleExpression(word, id, ignoreCase: false);
}
