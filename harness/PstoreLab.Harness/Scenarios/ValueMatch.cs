using System.IO.Enumeration;

using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// What a value may be: a value, a glob, a comma-separated list of them, or a version range. In a list, values are alternatives and ranges
/// hold together: <c>&gt;=6.1,&lt;6.12</c> is one range.
/// </summary>
internal sealed class ValueMatch
{
    private readonly List<string> globs = [];
    private readonly List<(string Operator, KernelVersion Bound)> ranges = [];

    private ValueMatch(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The alternatives that are plain values, which a reader may have misspelt.</summary>
    public IEnumerable<string> Literals => globs.Where(glob => !glob.Contains('*') && !glob.Contains('?'));

    public static ValueMatch Parse(string text, Func<string, UsageException> fault)
    {
        var match = new ValueMatch(text);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length == 0)
                throw fault($"found {Nearest.Quote(text)}, expected a value, a glob, a list such as a,b or a version range such as >=6.6");
            if (part[0] is not ('<' or '>'))
            {
                match.globs.Add(part);
                continue;
            }

            var sign = part.Length > 1 && part[1] == '=' ? part[..2] : part[..1];
            if (!KernelVersion.TryParse(part[sign.Length..].TrimStart(), out var bound))
                throw fault($"found the range {Nearest.Quote(part)}, expected a version after '{sign}', such as {sign}6.6");
            match.ranges.Add((sign, bound));
        }

        return match;
    }

    public bool Matches(string value) =>
        globs.Exists(glob => FileSystemName.MatchesSimpleExpression(glob, value, ignoreCase: false))
        || (ranges.Count > 0 && KernelVersion.TryParse(value, out var version) && ranges.TrueForAll(range => Holds(range, version)));

    private static bool Holds((string Operator, KernelVersion Bound) range, KernelVersion version) => range.Operator switch
    {
        "<" => version < range.Bound,
        "<=" => version <= range.Bound,
        ">" => version > range.Bound,
        _ => version >= range.Bound,
    };
}
