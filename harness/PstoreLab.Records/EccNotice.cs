using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records;

/// <summary>
/// The notice that ramoops with <c>ecc=</c> appends to each record it shows (<c>persistent_ram_ecc_string</c> in
/// fs/pstore/ram_core.c): 5.10 "\nNo errors detected\n" or "\n%d Corrected bytes, %d unrecoverable blocks\n", 6.1 to
/// 7.2 the same with "ECC: " before it.
/// </summary>
/// <param name="CorrectedBytes">Number of damaged bytes that were corrected, of data, header and parity.</param>
/// <param name="UnrecoverableBlocks">Number of blocks damaged beyond repair, of 128 bytes each; the kernel shows
/// them as they are.</param>
public sealed partial record EccNotice(int CorrectedBytes, int UnrecoverableBlocks)
{
    /// <summary>Removes the notice from the end of a record.</summary>
    /// <param name="text">The record, one character a byte; see <see cref="RecordText"/>.</param>
    /// <param name="notice">The notice; null where the record does not end with one.</param>
    /// <param name="content">The record without the notice; all of the text where there is none.</param>
    /// <returns>Whether the record ends with a notice.</returns>
    public static bool TryStrip(string text, [NotNullWhen(true)] out EccNotice? notice, out string content)
    {
        notice = null;
        content = text;
        var match = Pattern().Match(text, Math.Max(0, text.Length - MaxNoticeLength));
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

    private const int MaxNoticeLength = 100;

    // "No errors detected" has neither number.
    private static bool TryNumber(Group group, out int number)
    {
        number = 0;
        return !group.Success
            || int.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(
        @"\n(?:ECC: )?(?:No errors detected"
            + @"|(?<corrected>-?[0-9]{1,10}) Corrected bytes, (?<bad>-?[0-9]{1,10}) unrecoverable blocks)\n\z"
    )]
    private static partial Regex Pattern();
}
