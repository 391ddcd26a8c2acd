using System.Text.RegularExpressions;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>What a kernel said on its console until it wrote its record: the truth that records are held against.</summary>
/// <param name="Lines">Kernel log lines, oldest first; the last one is the newest that a record can hold.</param>
internal sealed partial record ConsoleTail(IReadOnlyList<LogLine> Lines)
{
    /// <summary>Reads a console; lines that are not the kernel's own (firmware, boot loader) are passed over.</summary>
    /// <param name="survived">The nonce of a crash that the kernel survived: the record was written when its account of that was over. Null otherwise.</param>
    public static ConsoleTail Of(string console, string? survived = null)
    {
        // A kernel line has a time stamp. printk gives one to every line of a message that has several.
        var lines = LogLine.ParseAll(FirmwaresLeftovers().Replace(console, "")).Where(line => line.Timestamp is not null).ToList();
        if (survived is not null)
        {
            int marked = lines.FindLastIndex(line => Marker.Parse(line.Text)?.Nonce == survived);
            int end = lines.FindIndex(marked + 1, line => line.Text.StartsWith("---[ end trace", StringComparison.Ordinal));
            return new ConsoleTail(end < 0 ? lines : lines[..(end + 1)]);
        }

        while (lines.Count > 0 && ComesAfterTheDump().IsMatch(lines[^1].Text))
            lines.RemoveAt(lines.Count - 1);
        return new ConsoleTail(lines);
    }

    // Firmware clears the screen and leaves the kernel's first line to begin behind that.
    [GeneratedRegex(@"^(?:\e\[[0-9;=?]*[A-Za-z])+(?=\[ *[0-9]+\.[0-9]{6}\])", RegexOptions.Multiline)]
    private static partial Regex FirmwaresLeftovers();

    // What panic() prints after kmsg_dump(KMSG_DUMP_PANIC), and what a dumper prints while it writes: kernel/panic.c, fs/pstore/platform.c and
    // drivers/acpi/reboot.c, 5.10 to 7.2.
    [GeneratedRegex(@"^---\[ end Kernel panic|^Rebooting in \d+ seconds|^ACPI MEMORY or I/O RESET_REG|^pstore: backend \(|^reboot: ")]
    private static partial Regex ComesAfterTheDump();
}
