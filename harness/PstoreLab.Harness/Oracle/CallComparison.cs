using System.Globalization;
using System.Text.RegularExpressions;
using PstoreLab.Records;
using PstoreLab.Records.Ftrace;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Judges the calls that pstore's ftrace frontend kept: functions that the kernel knows, and none missing between the
/// first and the last.
/// </summary>
internal static partial class CallComparison
{
    /// <summary>
    /// How many stamps may be out of order. A call has its stamp before it is written; what a backend calls to write it
    /// is written first, with later ones. So where the first are overwritten, some later ones go with them.
    /// </summary>
    private const int OutOfOrder = 16;

    /// <summary>Every fault, each as a sentence; empty when all is well.</summary>
    /// <param name="shown">The file as the kernel shows it.</param>
    /// <param name="zones">What the store has of each CPU, unrolled, and whether its zone had no room left.</param>
    public static IEnumerable<string> Faults(
        string shown,
        IReadOnlyList<(IReadOnlyList<FtraceEntry> Entries, bool Full)> zones
    )
    {
        if (shown.Length == 0)
            return ["the record is empty"];
        return [.. NameFaults(shown), .. CpuFaults(zones), .. MissingCallFaults(zones)];
    }

    // %ps and %pS, lib/vsprintf.c: the name of what is at an address, or the address where there is none.
    private static IEnumerable<string> NameFaults(string shown)
    {
        var names = new Dictionary<string, string>();
        foreach (string line in shown.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var match = Line().Match(line);
            if (!match.Success)
            {
                yield return $"a line is no call of one function by another: \"{RecordText.ForDisplay(line)}\"";
                yield break;
            }

            var (address, name) = (match.Groups["address"].Value, match.Groups["name"].Value);
            if (names.GetValueOrDefault(address, name) != name)
                yield return $"the function at {address} is {name} and {names[address]}";
            names[address] = name;
        }
    }

    // A zone belongs to one CPU, and is written by none other.
    private static IEnumerable<string> CpuFaults(IReadOnlyList<(IReadOnlyList<FtraceEntry> Entries, bool Full)> zones)
    {
        for (int index = 0; index < zones.Count; index++)
        {
            if (zones[index].Entries.Select(entry => entry.Cpu).Distinct().ToList() is not [_] and { Count: > 0 } cpus)
                yield return $"zone {index} has calls of CPUs {string.Join(", ", cpus)}";
        }

        var shared = zones
            .Where(zone => zone.Entries.Count > 0)
            .GroupBy(zone => zone.Entries[0].Cpu)
            .FirstOrDefault(group => group.Count() > 1);
        if (shared is not null)
            yield return $"{shared.Count()} zones have calls of CPU {shared.Key}";
    }

    private static IEnumerable<string> MissingCallFaults(
        IReadOnlyList<(IReadOnlyList<FtraceEntry> Entries, bool Full)> zones
    )
    {
        // Before that, some CPU's are overwritten.
        ulong from = zones
            .Where(zone => zone.Full)
            .Select(zone => zone.Entries.Take(OutOfOrder).Max(entry => entry.Timestamp ?? 0))
            .DefaultIfEmpty()
            .Max();
        var stamps = zones
            .SelectMany(zone => zone.Entries)
            .Select(entry => entry.Timestamp ?? 0)
            .Where(stamp => stamp >= from)
            .Order()
            .ToList();
        foreach (var (stamp, next) in stamps.Zip(stamps.Skip(1)))
        {
            if (next > stamp + 1)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{next - stamp - 1} calls are missing between {stamp} and {next}"
                );
                yield break;
            }
        }
    }

    [GeneratedRegex(
        @"^CPU:\d+ ts:\d+ (?<address>[0-9a-f]{8,16})  [0-9a-f]{8,16}  (?<name>[A-Za-z_][\w.]*( \[\w+\])?)"
            + @" <- [A-Za-z_][\w.]*\+0x[0-9a-f]+/0x[0-9a-f]+( \[\w+\])?$"
    )]
    private static partial Regex Line();
}
