using System.Text;
using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary><c>${dimension}</c> stands for the cell's value, <c>$${</c> for itself.</summary>
internal static partial class Placeholders
{
    // Dimensions that name each other twice double with each step; no kernel takes a longer command line anyway.
    private const int LongestText = 4096;

    /// <param name="valueOf">The value of a dimension; receives where it is asked for, so that an error can name the
    /// place there.</param>
    public static Text Fill(YamlScalar scalar, Func<string, SourceLocation, Text> valueOf)
    {
        if (!scalar.Value.Contains("${", StringComparison.Ordinal))
            return new Text(scalar.Value, scalar);

        var filled = new StringBuilder();
        var copied = 0;
        foreach (Match match in Pattern().Matches(scalar.Value))
        {
            filled.Append(scalar.Value, copied, match.Index - copied);
            copied = match.Index + match.Length;
            if (match.Value == "$${")
            {
                filled.Append("${");
                continue;
            }

            if (!match.Groups["end"].Success)
                throw scalar
                    .At(match.Index)
                    .Fault("found '${' without '}', expected ${DIMENSION}, or $${ for the characters themselves");
            var value = valueOf(match.Groups["name"].Value.Trim(), scalar.At(match.Index));
            if (match.Length == scalar.Value.Length)
                return value;
            filled.Append(value.Value);
            if (filled.Length > LongestText)
                throw scalar
                    .At(match.Index)
                    .Fault($"found a text that grows beyond {LongestText} characters, expected a shorter one");
        }

        return new Text(filled.Append(scalar.Value, copied, scalar.Value.Length - copied).ToString(), scalar);
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[^{}]*)(?<end>\})?")]
    private static partial Regex Pattern();
}
