using System.Text.RegularExpressions;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// A line of a console. A kernel's line is written in one piece, but another writer may have left the line before it
/// open: the kernel's part then begins in the middle.
/// </summary>
/// <param name="Raw">All of it, without its end.</param>
/// <param name="Line">The kernel's part.</param>
internal sealed partial record ConsoleEntry(string Raw, LogLine Line)
{
    // As print_time pads it: "[%5lu.%06lu]" in kernel/printk/printk.c, 5.10 to 7.2.
    private const int TimeWidth = 12;

    // As print_caller pads it: "[%6s]", same file.
    private const int CallerWidth = 6;

    /// <summary>Whether a time stamp is in it. Text of others rarely has one.</summary>
    public bool HasTime => Line.Timestamp is not null;

    /// <param name="raw">The line without its line feed.</param>
    public static ConsoleEntry Parse(string raw)
    {
        raw = raw.TrimEnd('\r');
        var last = TimeStamp().Matches(raw).LastOrDefault();
        return new ConsoleEntry(raw, LogLine.Parse(last is null ? raw : raw[last.Index..]));
    }

    /// <summary>All lines of a console.</summary>
    public static IEnumerable<ConsoleEntry> ParseAll(string console) => console.Split('\n').Select(Parse);

    /// <summary>Whether the kernel's part is that line of its log.</summary>
    public bool Shows(LogLine line) =>
        Line.IsSameLineAs(line)
        || (line.Timestamp is not null && Raw.EndsWith(ImageOf(line), StringComparison.Ordinal));

    /// <summary>Whether it is the beginning of that line, and lacks the rest.</summary>
    public bool IsCutOff(LogLine line) =>
        Raw.Length > 0 && Raw.Length < ImageOf(line).Length && ImageOf(line).StartsWith(Raw, StringComparison.Ordinal);

    /// <summary>Whether it is the beginning of that line, and behind it all of the next.</summary>
    public bool BeginsCutOff(LogLine line, LogLine next) =>
        Raw.Length > ImageOf(next).Length
        && ImageOf(line).StartsWith(Raw[..^ImageOf(next).Length], StringComparison.Ordinal);

    /// <summary>Whether it has all characters of that line in order, with others between them.</summary>
    public bool IsInterleavedWith(LogLine line)
    {
        string image = ImageOf(line);
        int found = 0;
        foreach (char one in Raw)
            if (found < image.Length && image[found] == one)
                found++;
        return found == image.Length && Raw.Length > image.Length;
    }

    /// <summary>A line of the log as the kernel prints it on a console.</summary>
    public static string ImageOf(LogLine line) =>
        (line.Timestamp, line.Caller) switch
        {
            (null, null) => line.Text,
            var (time, caller) => (time is null ? "" : $"[{time.PadLeft(TimeWidth)}]")
                + (caller is null ? "" : $"[{caller.PadLeft(CallerWidth)}]")
                + $" {line.Text}",
        };

    [GeneratedRegex(@"\[ *[0-9]+\.[0-9]{6}\]")]
    private static partial Regex TimeStamp();
}
