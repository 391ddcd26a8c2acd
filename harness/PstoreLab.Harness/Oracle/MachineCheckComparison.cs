using System.Globalization;
using System.Text.RegularExpressions;
using PstoreLab.Records.Erst;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Compares a machine check record with what <c>print_mce</c> (arch/x86/kernel/cpu/mce/core.c, 5.10 to 7.2) put on the
/// console before the panic.
/// </summary>
internal static partial class MachineCheckComparison
{
    /// <summary>Every field in which they differ, each as a sentence; empty when all are the same.</summary>
    public static IEnumerable<string> Faults(string console, byte[] record)
    {
        var fields = MachineCheck.Fields(record).ToDictionary();
        if (fields.Count == 0)
            return [$"it is {record.Length} bytes, too short for a machine check"];
        if (MachineCheckLines().Match(console) is not { Success: true } shown)
            return ["the console shows no machine check"];
        return
        [
            .. from name in (string[])["cpu", "mcgstatus", "bank", "status", "tsc", "addr", "misc"]
            where shown.Groups[name].Success
            let said = Number(shown.Groups[name].Value, name is "cpu" or "bank")
            let has = fields[$"mce {name}"]
            where Number(has.Split(' ')[0]) != said
            select $"its {name} is {has}, the console says {shown.Groups[name].Value}",
        ];
    }

    private static ulong Number(string field) =>
        field.StartsWith("0x", StringComparison.Ordinal)
            ? Number(field[2..], isDecimal: false)
            : Number(field, isDecimal: true);

    private static ulong Number(string digits, bool isDecimal) =>
        ulong.Parse(digits, isDecimal ? NumberStyles.None : NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"mce: \[Hardware Error\]: CPU (?<cpu>\d+): Machine Check Exception: (?<mcgstatus>[0-9a-f]+)"
            + @" Bank (?<bank>\d+): (?<status>[0-9a-f]+)(.*\n)*?"
            + @".*mce: \[Hardware Error\]: TSC (?<tsc>[0-9a-f]+)( ADDR (?<addr>[0-9a-f]+))?( MISC (?<misc>[0-9a-f]+))?"
    )]
    private static partial Regex MachineCheckLines();
}
