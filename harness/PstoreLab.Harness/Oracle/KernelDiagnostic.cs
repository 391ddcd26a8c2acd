using System.Text.RegularExpressions;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// A report that a kernel printed of itself: an oops or panic, or one that it survives (WARN, UBSAN, KASAN, KCSAN,
/// lockdep, RCU stall, hung task).
/// </summary>
/// <param name="At">Index of its first line among the console's.</param>
/// <param name="Lines">All of it, without time stamps.</param>
/// <param name="IsFatal">Whether it is an oops, a panic or a lock-up.</param>
internal sealed partial record KernelDiagnostic(int At, IReadOnlyList<string> Lines, bool IsFatal)
{
    // Lockdep prints a few hundred; what follows a report that has no end is not its.
    private const int Longest = 120;

    public string Headline => Lines[0];

    /// <summary>Whether a function or file of pstore or of a backend stands in it.</summary>
    public bool IsInPstore => KernelReport.IsInPstore(Lines);

    /// <summary>Whether the text stands in one of its lines.</summary>
    public bool Says(string text) => Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>All reports of a console, in order.</summary>
    public static IEnumerable<KernelDiagnostic> In(IReadOnlyList<ConsoleEntry> console, IArchitecture architecture)
    {
        int i = 0;
        while (i < console.Count)
        {
            string line = console[i].Line.Text;
            bool survived = Survived().IsMatch(line);
            if (!survived && !ConsoleAlarms.IsTrouble(line, architecture))
            {
                i++;
                continue;
            }

            int end = i + 1;
            while (end < console.Count && end - i < Longest && !IsBegin(console[end].Line.Text))
                if (End().IsMatch(console[end++].Line.Text))
                    break;
            yield return new KernelDiagnostic(
                i,
                [.. console.Take(end).Skip(i).Select(entry => entry.Line.Text)],
                IsFatal: !survived
            );
            i = end;
        }

        // An oops has several lines that each could be its first one.
        static bool IsBegin(string line) =>
            Survived().IsMatch(line)
            || Marker.Parse(line) is not null
            || line.StartsWith(CutHere, StringComparison.Ordinal);
    }

    private const string CutHere = "------------[ cut here";

    // The first lines as kernel/panic.c (__warn), lib/ubsan.c, mm/kasan/report.c, mm/kfence/report.c,
    // kernel/kcsan/report.c, kernel/locking/lockdep.c, kernel/rcu/tree_stall.h and kernel/hung_task.c print them, 5.10
    // to 7.2.
    [GeneratedRegex(
        @"^(?:WARNING: |UBSAN: |BUG: (?:KASAN|KFENCE|KMSAN|KCSAN): |BUG: (?:sleeping function|scheduling while atomic|"
            + @"Invalid wait context|spinlock |workqueue lockup)|INFO: (?:trying to register non-static key|task .* "
            + @"blocked for more than|possible recursive locking|rcu_)|rcu: INFO: )"
    )]
    private static partial Regex Survived();

    [GeneratedRegex(@"^(?:---\[ end | ?</TASK>$|={20,}$)")]
    private static partial Regex End();
}
