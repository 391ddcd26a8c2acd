using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records.Efi;

/// <summary>
/// Name of the EFI variable of a record: <c>dump-type%u-%u-%d-%lld-%c</c> (<c>efi_pstore_write</c> in
/// drivers/firmware/efi/efi-pstore.c, since 3.16). Kernels 5.10 to 7.2 also read it without the last letter, as 3.10 to
/// 3.15 wrote it, and without the count, as earlier kernels wrote it.
/// </summary>
/// <param name="TypeNumber">Type as in <c>enum pstore_type_id</c>: an index into
/// <see cref="RecordType.Known"/>.</param>
/// <param name="Part">Number of the part, from 1, the end of the log.</param>
/// <param name="Count">Number of the dump within its boot; null in the earliest form, and 0 for a kernel then.</param>
/// <param name="Seconds">Time of writing, in seconds since 1970.</param>
/// <param name="Flag"><c>C</c> for compressed, <c>D</c> for not; null in the earlier forms. Any other letter counts as
/// <c>D</c>.</param>
internal sealed partial record DumpVariableName(uint TypeNumber, uint Part, int? Count, ulong Seconds, char? Flag)
{
    public bool Compressed => Flag == 'C';

    /// <summary>Name of the type; <c>unknown</c> for a number without a name, as in pstore.</summary>
    public string Type => TypeNumber < RecordType.Known.Count ? RecordType.Known[(int)TypeNumber] : "unknown";

    /// <summary>
    /// The record's id, (time · 100 + part) · 1000 + count, modulo 2⁶⁴ (<c>generic_id</c>, 5.10 to 7.2): part 100 and
    /// above carry into the time, and a count of 1000 into the part.
    /// </summary>
    public ulong Id => unchecked((((Seconds * 100) + Part) * 1000) + (ulong)(Count ?? 0));

    /// <summary>Parses a name as the kernel's sscanf does: any text behind it is ignored.</summary>
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

    /// <summary>The name in the form with all of its fields.</summary>
    public override string ToString()
    {
        string count = Count is { } known ? $"-{known.ToString(CultureInfo.InvariantCulture)}" : "";
        string flag = Flag is { } letter ? $"-{letter}" : "";
        return $"dump-type{TypeNumber}-{Part}{count}-{Seconds}{flag}";
    }

    // Bits that do not fit are cut off at the top: lib/kstrtox.c.
    private static ulong Number(ReadOnlySpan<char> digits)
    {
        ulong number = 0;
        foreach (char digit in digits)
            number = unchecked((number * 10) + (ulong)(digit - '0'));
        return number;
    }

    // sscanf skips blanks before a number, but not before a character.
    [GeneratedRegex(
        @"\Adump-type\s*(?<type>[0-9]+)-\s*(?<part>[0-9]+)-\s*(?<count>-?[0-9]+)"
            + @"(?:-\s*(?<time>[0-9]+)(?:-(?<flag>[\x01-\uffff]))?)?"
    )]
    private static partial Regex Pattern();
}
