using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records;

/// <summary>
/// What ramoops with <c>ecc=</c> appends to each record it shows (<c>persistent_ram_ecc_string</c> in
/// fs/pstore/ram_core.c): 5.10 "\nNo errors detected\n" or "\n%d Corrected bytes, %d unrecoverable blocks\n", 6.1 to
/// 7.2 the same with "ECC: " before it.
/// </summary>
/// <param name="CorrectedBytes">Damaged and repaired.</param>
/// <param name="UnrecoverableBlocks">Of 128 bytes unless configured otherwise; damaged beyond repair, and shown as they
/// are.</param>
public sealed partial record EccNotice(int CorrectedBytes, int UnrecoverableBlocks)
{
    /// <summary>Takes the notice off the end of a record.</summary>
    /// <param name="content">The record without it; all of the text when there is none.</param>
    public static bool TryStrip(string text, [NotNullWhen(true)] out EccNotice? notice, out string content)
    {
        notice = null;
        content = text;
        var match = Pattern().Match(text, Math.Max(0, text.Length - LongestNotice));
        if (
            !match.Success
            || !TryNumber(match.Groups["corrected"], out var corrected)
            || !TryNumber(match.Groups["bad"], out var bad)
        )
            return false;
        notice = new EccNotice(corrected, bad);
        content = text[..match.Index];
        return true;
    }

    private const int LongestNotice = 100;

    // Neither number is there when there were no errors.
    private static bool TryNumber(Group group, out int number)
    {
        number = 0;
        return !group.Success
            || int.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(
        @"\n(?:ECC: )?(?:No errors detected|"
            + @"(?<corrected>-?[0-9]{1,10}) Corrected bytes, (?<bad>-?[0-9]{1,10}) unrecoverable blocks)\n\z"
    )]
    private static partial Regex Pattern();
}
