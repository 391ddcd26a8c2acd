using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Reads off QEMU's <c>info registers -a</c> whether a machine's processors are halted with interrupts off.
/// </summary>
internal static partial class Standstill
{
    /// <summary>EFLAGS.IF.</summary>
    private const int InterruptsOn = 1 << 9;

    /// <summary>Whether all are; false where it tells of none.</summary>
    public static bool IsAll(string registers)
    {
        var processors = Flags().Matches(registers);
        return processors.Count > 0
            && processors.All(processor =>
                processor.Groups["halted"].Value == "1"
                && (
                    int.Parse(processor.Groups["flags"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    & InterruptsOn
                ) == 0
            );
    }

    [GeneratedRegex(@"\b[ER]FL=(?<flags>[0-9a-f]+) .*\bHLT=(?<halted>[01])")]
    private static partial Regex Flags();
}
