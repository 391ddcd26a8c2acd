using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Console lines that mean the kernel is in trouble. Where no step asked for a crash, one of them ends the attempt.
/// </summary>
internal static partial class ConsoleAlarms
{
    /// <summary>Whether the line is the first of an oops, a panic or a lock-up.</summary>
    public static bool IsTrouble(string line) => Trouble().IsMatch(line);

    // As printed by arch/x86/mm/fault.c, arch/x86/kernel/{traps,dumpstack}.c, kernel/panic.c, kernel/watchdog.c,
    // kernel/hung_task.c, 5.10 to 7.2. A warning is no trouble: it leaves the kernel as it was.
    [GeneratedRegex(
        @"BUG: (?!workqueue lockup)|Oops: [0-9a-f]{4}|Oops: \w+|general protection fault[,:]|Kernel panic - not syncing|kernel BUG at |Unable to mount root|INFO: task \S+ blocked for more than|Kernel stack is corrupted|double fault"
    )]
    private static partial Regex Trouble();
}
