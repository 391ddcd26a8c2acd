using System.IO.Enumeration;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// What a value may be: a value, a glob, a comma-separated list of them, or a version range. In a list, values are
/// alternatives and ranges hold at once: <c>&gt;=6.1,&lt;6.12</c> is one range. A range is compared with the version of
/// what the value names, where that is known, or else against the value. A number that such a value does not have is
/// that of its newest: <c>debian-6.1</c> is the last of 6.1.y, and no <c>&lt;6.1.53</c>.
/// </summary>
internal sealed class ValueMatch
{
    private readonly List<string> globs = [];
    private readonly List<List<(string Operator, KernelVersion Bound)>> ranges = [];

    private ValueMatch(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The alternatives that are plain values, which a reader may have misspelt.</summary>
    public IEnumerable<string> Literals => globs.Where(glob => !glob.Contains('*') && !glob.Contains('?'));

    public static ValueMatch Parse(string text, Func<string, UsageException> fault) => Parse([text], fault);

    /// <summary>Any of several; what stands in one of them holds together.</summary>
    public static ValueMatch Parse(IReadOnlyList<string> texts, Func<string, UsageException> fault)
    {
        var match = new ValueMatch(string.Join(',', texts));
        foreach (string text in texts)
            match.Add(text, fault);
        return match;
    }

    private void Add(string text, Func<string, UsageException> fault)
    {
        var range = new List<(string, KernelVersion)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length == 0)
                throw fault(
                    $"found {Nearest.Quote(text)}, expected a value, a glob, a list such as a,b or a "
                        + "version range such as >=6.6"
                );
            if (part[0] is not ('<' or '>'))
            {
                globs.Add(part);
                continue;
            }

            var sign = part.Length > 1 && part[1] == '=' ? part[..2] : part[..1];
            if (!KernelVersion.TryParse(part[sign.Length..].TrimStart(), out var bound))
                throw fault(
                    $"found the range {Nearest.Quote(part)}, expected a version after '{sign}', such as {sign}6.6"
                );
            range.Add((sign, bound));
        }

        if (range.Count > 0)
            ranges.Add(range);
    }

    /// <param name="release">The version of what the value names; null where it is not known.</param>
    public bool Matches(string value, string? release = null) =>
        globs.Exists(glob => FileSystemName.MatchesSimpleExpression(glob, value, ignoreCase: false))
        || (
            ranges.Count > 0
            && KernelVersion.TryParse(release ?? value, out var version)
            && ranges.Exists(range => range.TrueForAll(bound => Holds(bound, version)))
        );

    private static bool Holds((string Operator, KernelVersion Bound) range, KernelVersion version) =>
        range.Operator switch
        {
            "<" => !version.IsSeriesOf(range.Bound) && version < range.Bound,
            "<=" => !version.IsSeriesOf(range.Bound) && version <= range.Bound,
            ">" => version.IsSeriesOf(range.Bound) || version > range.Bound,
            _ => version.IsSeriesOf(range.Bound) || version >= range.Bound,
        };
}
