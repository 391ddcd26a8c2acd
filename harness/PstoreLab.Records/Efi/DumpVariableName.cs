using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records.Efi;

/// <summary>
/// The name of an EFI variable that holds a record: <c>dump-type%u-%u-%d-%lld-%c</c> as written
/// (<c>efi_pstore_write</c> in drivers/firmware/efi/efi-pstore.c, 3.16 and later); readers of 5.10 to 7.2 take it also
/// without the last letter (3.10 to 3.15) and, older still, without the count.
/// </summary>
/// <param name="TypeNumber">The type: an index into <see cref="RecordType.Known"/>, as <c>enum pstore_type_id</c>
/// numbers them.</param>
/// <param name="Part">From 1, which is the newest piece.</param>
/// <param name="Count">Which dump of its boot; null in the oldest form, which a kernel takes for 0.</param>
/// <param name="Seconds">When the part was written, since 1970.</param>
/// <param name="Flag"><c>C</c> for compressed, <c>D</c> for not; null in the older forms. Any other letter counts as
/// <c>D</c>.</param>
internal sealed partial record DumpVariableName(uint TypeNumber, uint Part, int? Count, ulong Seconds, char? Flag)
{
    public bool Compressed => Flag == 'C';

    /// <summary>The type by its name; <c>unknown</c> for a number that pstore has none for, as pstore has it.</summary>
    public string Type => TypeNumber < RecordType.Known.Count ? RecordType.Known[(int)TypeNumber] : "unknown";

    /// <summary>
    /// (time · 100 + part) · 1000 + count, wrapping (<c>generic_id</c>, 5.10 to 7.2): part 100 and later carry into the
    /// time, count 1000 into the part.
    /// </summary>
    public ulong Id => unchecked((((Seconds * 100) + Part) * 1000) + (ulong)(Count ?? 0));

    /// <summary>Reads a name as the kernel's sscanf does, which passes over what follows it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DumpVariableName? name)
    {
        name = null;
        var match = Pattern().Match(text);
        if (!match.Success)
            return false;
        uint type = (uint)Number(match.Groups["type"].ValueSpan);
        uint part = (uint)Number(match.Groups["part"].ValueSpan);
        if (match.Groups["time"] is not { Success: true } time)
        {
            // "-5" is a number only for the signed count.
            if (match.Groups["count"].ValueSpan[0] == '-')
                return false;
            name = new DumpVariableName(type, part, null, Number(match.Groups["count"].ValueSpan), null);
            return true;
        }

        var count = match.Groups["count"].ValueSpan;
        int value = unchecked((int)Number(count.TrimStart('-')));
        name = new DumpVariableName(
            type,
            part,
            count[0] == '-' ? unchecked(-value) : value,
            Number(time.ValueSpan),
            match.Groups["flag"] is { Success: true } flag ? flag.Value[0] : null
        );
        return true;
    }

    /// <summary>In the form that has all that it says.</summary>
    public override string ToString() =>
        $"dump-type{TypeNumber}-{Part}{(Count is { } count ? $"-{count.ToString(CultureInfo.InvariantCulture)}" : "")}-{Seconds}{(Flag is { } flag ? $"-{flag}" : "")}";

    // What does not fit is cut off above, silently: lib/kstrtox.c.
    private static ulong Number(ReadOnlySpan<char> digits)
    {
        ulong number = 0;
        foreach (char digit in digits)
            number = unchecked((number * 10) + (ulong)(digit - '0'));
        return number;
    }

    // sscanf passes over blanks before a number, but not before a character.
    [GeneratedRegex(
        @"\Adump-type\s*(?<type>[0-9]+)-\s*(?<part>[0-9]+)-\s*(?<count>-?[0-9]+)(?:-\s*(?<time>[0-9]+)(?:-(?<flag>[\x01-\uffff]))?)?"
    )]
    private static partial Regex Pattern();
}
