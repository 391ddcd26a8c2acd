using System.Text.RegularExpressions;
using PstoreLab.Harness.Oracle;
using PstoreLab.Records;

namespace PstoreLab.Harness.Comparison;

/// <summary>
/// The lines of a record, without what differs between any two boots of one kernel: times, addresses and other numbers,
/// stack words that the kernel itself calls a guess (<c>?</c>), and what it says of clocks, which it measures against a
/// busy host.
/// </summary>
internal static partial class RecordLines
{
    private const int Shown = 3;

    public static IReadOnlyList<string> Of(FoundRecord record) =>
        [
            .. LogLine
                .ParseAll(record.Text)
                .Select(line => Number().Replace(line.Text, "#").Trim())
                .Where(line => line.Length > 0 && !Chance().IsMatch(line)),
        ];

    /// <summary>
    /// What one of two records has and the other has not, as far back as both reach; the order of lines is that of
    /// processors, and no difference.
    /// </summary>
    /// <returns>One sentence for each direction that there is something of.</returns>
    public static IEnumerable<string> Between(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        // The oldest line of a record may be cut.
        int common = Math.Max(0, Math.Min(a.Count, b.Count) - 1);
        return
        [
            .. Only("A", a.Skip(a.Count - common), b), //
            .. Only("B", b.Skip(b.Count - common), a),
        ];
    }

    private static IEnumerable<string> Only(string side, IEnumerable<string> lines, IReadOnlyList<string> other)
    {
        string[] only = [.. lines.Except(other)];
        if (only.Length > 0)
            yield return $"only {side} has {string.Join(", ", only.Take(Shown).Select(line => $"'{line}'"))}"
                + (only.Length > Shown ? $" and {only.Length - Shown} lines more" : "");
    }

    // Clocks as in arch/x86/kernel/{tsc,hpet,apic/apic}.c, kernel/time/{clocksource,sched_clock,hrtimer}.c and
    // init/calibrate.c, 5.10 to 7.2.
    [GeneratedRegex(
        @"^(?:\? |tsc: |APIC (?:calibration|delta)|clocksource: |sched_clock: |hrtimer: |hpet: |Calibrating delay loop)"
            + @"| took # usecs$"
    )]
    private static partial Regex Chance();

    [GeneratedRegex(@"\b(?:0x)?[0-9a-fA-F]+\b|\d+")]
    private static partial Regex Number();
}
