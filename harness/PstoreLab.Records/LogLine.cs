using System.Globalization;
using System.Text.RegularExpressions;

namespace PstoreLab.Records;

/// <summary>
/// A line of the kernel log, from a record (<c>&lt;6&gt;[    1.234567] text</c>) or from a console, which has no level.
/// The prefix is made by <c>info_print_prefix</c> in kernel/printk/printk.c, from 5.10 to 7.2: "&lt;%u&gt;",
/// "[%5lu.%06lu]", and with CONFIG_PRINTK_CALLER "[%6s]".
/// </summary>
/// <param name="Priority">Facility · 8 + level; null on a console, and where the prefix was cut off in the first, torn
/// line of a piece.</param>
/// <param name="Timestamp">Seconds since boot as printed, without padding: <c>1.234567</c>. Null with
/// <c>printk.time=0</c>.</param>
/// <param name="Caller"><c>T1</c> for a task, <c>C0</c> for a CPU in an interrupt; null where the kernel does not
/// say.</param>
/// <param name="Text">The rest, one character a byte, without the line's end.</param>
public readonly partial record struct LogLine(int? Priority, string? Timestamp, string? Caller, string Text)
{
    /// <summary>From 0, emergency, to 7, debug.</summary>
    public int? Level => Priority & 7;

    /// <summary>Takes a line apart; what has no prefix is all text.</summary>
    /// <param name="line">Without its line feed; a carriage return before that is dropped.</param>
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

    /// <summary>All lines of a text; what follows the last line feed counts as one unless it is empty.</summary>
    public static IEnumerable<LogLine> ParseAll(string text)
    {
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            yield return Parse(text[start..end]);
            start = end + 1;
        }
    }

    /// <summary>True when both are the same line of the same log, whatever of its level each place has kept.</summary>
    public bool IsSameLineAs(LogLine other) =>
        Timestamp == other.Timestamp && Caller == other.Caller && Text == other.Text;

    private static string? ValueOf(Group group) => group.Success ? group.Value : null;

    // A torn priority ("6>[", ">[") counts as one only before a whole timestamp; a caller is at least six wide, which a
    // text in brackets seldom is.
    [GeneratedRegex(
        @"\A(?:<(?<priority>[0-9]{1,5})>|[0-9]{0,5}>(?=\[ *[0-9]+\.[0-9]{6}\]))?"
            + @"(?:(?:\[ *(?<time>[0-9]+\.[0-9]{6})\](?:\[(?=[ CT0-9]{6})[ ]*(?<caller>[CT][0-9]+)\])?|\[(?=[ CT0-9]{6})[ ]*(?<caller>[CT][0-9]+)\])[ ]?)?"
            + @"(?<text>.*)\z",
        RegexOptions.Singleline
    )]
    private static partial Regex Pattern();
}
