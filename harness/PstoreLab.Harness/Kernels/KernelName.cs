using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// What a kernel may be called: the name is also a folder of the cache, a part of a case's id and a word of a command
/// line.
/// </summary>
public static partial class KernelName
{
    /// <summary>The rule, for messages.</summary>
    public const string Rule = "letters, digits, '.', '_' and '-' are allowed, beginning with a letter";

    public static bool IsOne(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Pattern();
}
