using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records;

/// <summary>
/// A line of the kernel log, from a record (<c>&lt;6&gt;[    1.234567] text</c>) or from a console, where it has no
/// priority. <c>info_print_prefix</c> in kernel/printk/printk.c, 5.10 to 7.2, makes the prefix: "&lt;%u&gt;",
/// "[%5lu.%06lu]", and with CONFIG_PRINTK_CALLER "[%6s]".
/// </summary>
/// <param name="Priority">Facility · 8 + level; null for a line of a console, and for the first line of a part where
/// the part begins within the prefix.</param>
/// <param name="Timestamp">Seconds since boot as printed, without padding: <c>1.234567</c>; null with
/// <c>printk.time=0</c>.</param>
/// <param name="Caller"><c>T1</c> for a task, <c>C0</c> for a CPU in an interrupt; null without
/// CONFIG_PRINTK_CALLER.</param>
/// <param name="Text">The rest of the line, one character a byte, without the end of the line.</param>
public readonly partial record struct LogLine(int? Priority, string? Timestamp, string? Caller, string Text)
{
    /// <summary>From 0, emergency, to 7, debug; null where <see cref="Priority"/> is.</summary>
    public int? Level => Priority & 7;

    /// <summary>Splits a line. A line without a prefix is all text.</summary>
    /// <param name="line">The line without its line feed; carriage returns at its end are dropped.</param>
    public static LogLine Parse(string line)
    {
        var match = Pattern().Match(line.TrimEnd('\r'));
        return new LogLine(
            match.Groups["priority"] is { Success: true } priority
                ? int.Parse(priority.ValueSpan, NumberStyles.None)
                : null,
            ValueOf(match.Groups["time"]),
            ValueOf(match.Groups["caller"]),
            match.Groups["text"].Value
        );
    }

    /// <summary>Splits all lines of a text.</summary>
    /// <param name="text">The text, one character a byte. Behind its last line feed another line begins, unless the
    /// text ends there.</param>
    public static IEnumerable<LogLine> ParseAll(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            yield return Parse(text[start..end]);
            start = end + 1;
        }
    }

    /// <summary>
    /// Whether both are the same line of one log: all but the priority is compared, because a console does not show it.
    /// </summary>
    /// <param name="other">A line of another text.</param>
    public bool IsSameLineAs(LogLine other) =>
        Timestamp == other.Timestamp && Caller == other.Caller && Text == other.Text;

    private static string? ValueOf(Group group) => group.Success ? group.Value : null;

    // The rest of a priority ("6>[", ">[") counts as one only before a complete timestamp. A caller is at least six
    // characters wide, unlike most texts in brackets.
    [GeneratedRegex(
        @"\A(?:<(?<priority>[0-9]{1,5})>|[0-9]{0,5}>(?=\[ *[0-9]+\.[0-9]{6}\]))?"
            + @"(?:(?:\[ *(?<time>[0-9]+\.[0-9]{6})\](?:\[(?=[ CT0-9]{6})[ ]*(?<caller>[CT][0-9]+)\])?"
            + @"|\[(?=[ CT0-9]{6})[ ]*(?<caller>[CT][0-9]+)\])[ ]?)?"
            + @"(?<text>.*)\z",
        RegexOptions.Singleline
    )]
    private static partial Regex Pattern();
}
