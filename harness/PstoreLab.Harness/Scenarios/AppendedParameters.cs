using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// Kernel parameters that a user adds to those of every boot. What a case sets itself stays as it is: one of the same
/// name is refused, for with another value it would be another case.
/// </summary>
public static partial class AppendedParameters
{
    /// <summary>A kernel cuts a command line off at some 2,000 characters and says nothing.</summary>
    private const int LongestText = 1000;

    /// <summary>
    /// Words as they stand on a kernel's command line: <c>NAME</c>, <c>NAME=VALUE</c>, <c>NAME="A B"</c>.
    /// </summary>
    /// <returns>Names to values, in their order; a bare word has an empty value, and quotes stay.</returns>
    /// <exception cref="UsageException">One cannot be a parameter, or is there twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        if (text.Length > LongestText)
            throw new UsageException($"--append: found {text.Length} characters, expected at most {LongestText}");
        var parameters = new OrderedDictionary<string, string>();
        int at = 0;
        foreach (Match word in Word().Matches(text))
        {
            // What lies between two words, or behind the last, is blank.
            if (text[at..word.Index].Trim(' ').Length > 0)
                break;
            at = word.Index + word.Length;
            if (parameters.Keys.Any(name => IsSame(name, word.Groups["name"].Value)))
                throw new UsageException($"--append: found {word.Groups["name"].Value} twice, expected it once");
            parameters.Add(word.Groups["name"].Value, word.Groups["value"].Value);
        }

        if (text[at..].Trim(' ') is { Length: > 0 } rest)
            throw new UsageException(
                $"--append: found {Nearest.Quote(rest)}, expected kernel parameters, such as slub_debug=FZ or "
                    + "dyndbg=\"file fs/pstore/* +p\""
            );
        return parameters.Count > 0
            ? parameters
            : throw new UsageException("--append: found nothing, expected kernel parameters, such as slub_debug=FZ");
    }

    /// <summary>The same as they stand on a command line.</summary>
    public static string Text(IReadOnlyDictionary<string, string> parameters) =>
        string.Join(
            ' ',
            parameters.Select(parameter =>
                parameter.Value.Length == 0 ? parameter.Key : $"{parameter.Key}={parameter.Value}"
            )
        );

    /// <summary>Whether a kernel takes the two names for one (parameqn in kernel/params.c, 5.10 to 7.2).</summary>
    public static bool IsSame(string name, string other) => name.Replace('-', '_') == other.Replace('-', '_');

    [GeneratedRegex(
        """(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)(?:=(?<value>"[^"\x00-\x1f\x7f-\uffff]*"|[!#-~]+))?(?= |\z)"""
    )]
    private static partial Regex Word();
}
