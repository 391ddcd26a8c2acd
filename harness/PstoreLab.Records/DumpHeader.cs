using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records;

/// <summary>
/// The first line of every piece of a dump, <c>REASON#COUNT PartPART</c> (<c>pstore_dump</c> in fs/pstore/platform.c:
/// "%s#%d Part%u\n", the same from 5.10 to 7.2).
/// </summary>
/// <param name="Reason">One of <see cref="DumpReason"/>; any word is accepted.</param>
/// <param name="Count">Which dump of its boot this is, from 1.</param>
/// <param name="Part">From 1, which is the newest piece.</param>
public sealed partial record DumpHeader(string Reason, int Count, uint Part)
{
    /// <summary>
    /// How many dumps the store has seen, where a line before this one says so: only from pstore_blk, for a record that
    /// was not compressed (<c>psz_kmsg_read</c> in fs/pstore/zone.c, 5.8 to 7.2: "%s: Total %d times\n").
    /// </summary>
    public int? Total { get; init; }

    /// <summary>Reads the header off the beginning of a record.</summary>
    /// <param name="rest">What follows it; all of the text when there is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out DumpHeader? header, out string rest)
    {
        header = null;
        rest = text;
        var match = Pattern().Match(text);
        if (
            !match.Success
            || !TryInt(match.Groups["count"], out var count)
            || !uint.TryParse(
                match.Groups["part"].ValueSpan,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var part
            )
        )
            return false;
        header = new DumpHeader(match.Groups["reason"].Value, count, part)
        {
            Total = TryInt(match.Groups["total"], out var total) ? total : null,
        };
        rest = text[match.Length..];
        return true;
    }

    /// <summary>The line without its line feed.</summary>
    public override string ToString() => $"{Reason}#{Count} Part{Part}";

    private static bool TryInt(Group group, out int value) =>
        int.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    [GeneratedRegex(
        @"\A(?:[A-Za-z]{1,16}: Total (?<total>-?[0-9]{1,10}) times\n)?(?<reason>[A-Za-z]{1,16})#(?<count>-?[0-9]{1,10}) Part(?<part>[0-9]{1,10})(?:\n|\z)"
    )]
    private static partial Regex Pattern();
}
