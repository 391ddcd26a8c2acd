using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records;

/// <summary>
/// The first line of every part of a dump, <c>REASON#COUNT PartPART</c> (<c>pstore_dump</c> in fs/pstore/platform.c:
/// "%s#%d Part%u\n", the same from 5.10 to 7.2).
/// </summary>
/// <param name="Reason">Why the kernel dumped its log: one of <see cref="DumpReason"/>. Any word of up to 16 letters is
/// accepted.</param>
/// <param name="Count">Number of the dump within its boot, from 1.</param>
/// <param name="Part">Number of the part, from 1. Part 1 is the end of the log.</param>
public sealed partial record DumpHeader(string Reason, int Count, uint Part)
{
    /// <summary>
    /// Number of dumps of this reason that the device has received; null where no line before the header says so.
    /// pstore_blk alone adds such a line, to a record that is stored uncompressed (<c>psz_kmsg_read</c> in
    /// fs/pstore/zone.c, 5.8 to 7.2: "%s: Total %d times\n").
    /// </summary>
    public int? Total { get; init; }

    /// <summary>Parses the header at the beginning of a record.</summary>
    /// <param name="text">The record, one character a byte; see <see cref="RecordText"/>.</param>
    /// <param name="header">The header; null where the record does not begin with one.</param>
    /// <param name="rest">The text behind the header; all of the text where there is no header.</param>
    /// <returns>Whether the record begins with a header.</returns>
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

    /// <summary>The line without its line feed, and without <see cref="Total"/>.</summary>
    public override string ToString() => $"{Reason}#{Count} Part{Part}";

    private static bool TryInt(Group group, out int value) =>
        int.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    [GeneratedRegex(
        @"\A(?:[A-Za-z]{1,16}: Total (?<total>-?[0-9]{1,10}) times\n)?"
            + @"(?<reason>[A-Za-z]{1,16})#(?<count>-?[0-9]{1,10}) Part(?<part>[0-9]{1,10})(?:\n|\z)"
    )]
    private static partial Regex Pattern();
}
