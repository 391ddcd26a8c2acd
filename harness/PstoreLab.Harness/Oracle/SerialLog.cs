using System.Text.RegularExpressions;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// What somebody logged of a machine's serial console, with what his logger added: times before the lines, carriage
/// returns, colours. It may have any number of boots.
/// </summary>
internal static partial class SerialLog
{
    // Some lines have no prefix where a logger was started anew.
    private const double UsualShare = 0.8;

    /// <summary>The kernel's text of each boot, in the order of the log; what is before the first is no boot.</summary>
    /// <param name="log">All of it, one character a byte.</param>
    public static IReadOnlyList<BootConsole> Boots(string log)
    {
        var banner = new KernelBanner(MachineCatalogue.Default.Architecture);
        string[] lines = Cleaned(log).Split('\n');
        var begins = Enumerable.Range(0, lines.Length).Where(at => IsBanner(banner, lines[at])).ToList();
        // A log that was begun later has one boot, without its beginning.
        if (begins is not [0, ..])
            begins.Insert(0, 0);
        return
        [
            .. begins
                .Select((begin, index) => (begin, end: index + 1 < begins.Count ? begins[index + 1] : lines.Length))
                .Select(boot => new BootConsole(string.Join('\n', lines[boot.begin..boot.end]))
                {
                    // Programs may write to the console of a real machine, and it has several processors.
                    IsShared = true,
                    Cpus = 2,
                })
                .Where(boot => ConsoleTail.All(boot).Lines.Count > 0),
        ];
    }

    /// <summary>The text without what a logger added.</summary>
    public static string Cleaned(string log)
    {
        string text = Escapes()
            .Replace(log, "")
            .Replace("\r", "", StringComparison.Ordinal)
            .Replace("\0", "", StringComparison.Ordinal);
        string[] lines = text.Split('\n');
        int filled = lines.Count(line => line.Length > 0);
        int prefixed = lines.Count(line => Prefix().IsMatch(line));
        return filled > 0 && prefixed >= UsualShare * filled
            ? string.Join('\n', lines.Select(line => Prefix().Replace(line, "", 1)))
            : text;
    }

    // Another architecture has its name elsewhere; the words are the same (linux_banner in init/version.c).
    private static bool IsBanner(KernelBanner banner, string line) =>
        banner.In(line) is not null || AnyBanner().IsMatch(line);

    // Control sequences of ECMA-48, and those that choose a character set.
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e[()][0-9A-B]|\e[=>78cDEHM]")]
    private static partial Regex Escapes();

    // What ts, tio, minicom, conserver, grabserial and others put before a line. A kernel's own time is none of these:
    // it has no second number and six digits behind the point.
    [GeneratedRegex(
        @"\A(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?Z| ?[+-]\d\d:?\d\d)?\]?:? ?"
            + @"|\[?(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:[.,]\d+)?(?: \d{4})?\]?:? ?"
            + @"|\[?\d\d:\d\d:\d\d(?:[.,:]\d+)?\]?:? ?"
            + @"|\[\d+\.\d+ \d+\.\d+\] )"
    )]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\[ *0\.000000\](?:\[ *[CT]\d+\])? Linux version \d+\.\d+")]
    private static partial Regex AnyBanner();
}
