using System.Text.RegularExpressions;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Console lines that mean the kernel is in trouble. Where no step asked for a crash, one of them ends the attempt.
/// </summary>
internal static partial class ConsoleAlarms
{
    /// <summary>Whether the line is the first of an oops, a panic or a lock-up.</summary>
    public static bool IsTrouble(string line, IArchitecture architecture) =>
        Trouble().IsMatch(line) || architecture.IsOops(line);

    // As printed by kernel/panic.c, kernel/watchdog.c and kernel/hung_task.c, 5.10 to 7.2. A warning is no trouble: it
    // leaves the kernel as it was.
    [GeneratedRegex(
        @"BUG: (?!workqueue lockup)|Kernel panic - not syncing|kernel BUG at |Unable to mount root|"
            + @"INFO: task \S+ blocked for more than|Kernel stack is corrupted"
    )]
    private static partial Regex Trouble();
}
