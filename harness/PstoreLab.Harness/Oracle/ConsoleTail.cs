using System.Text.RegularExpressions;
using PstoreLab.Harness.Crashes;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// The console of a kernel up to the moment it wrote its record, and after it: records are compared with it.
/// </summary>
/// <param name="Lines">Kernel log lines, in the order of the log.</param>
/// <param name="Needed">How many of them were there before the record was written, at least: the last of these must be
/// in it.</param>
internal sealed partial record ConsoleTail(IReadOnlyList<LogLine> Lines, int Needed)
{
    /// <summary>Reads a console; lines that are not the kernel's own (firmware, boot loader) are passed over.</summary>
    /// <param name="nonce">Of the crash.</param>
    /// <param name="lastLine">
    /// The beginning of the line behind the crash's marker lines after which the record was written; null for the last
    /// that the dying kernel could give to it.
    /// </param>
    public static ConsoleTail Of(string console, string nonce, string? lastLine = null)
    {
        // A kernel line has a time stamp. printk gives one to every line of a message that has several.
        var lines = LogLine
            .ParseAll(FirmwaresLeftovers().Replace(console, ""))
            .Where(line => line.Timestamp is not null)
            .ToList();
        if (lastLine is not null)
        {
            int marked = lines.FindLastIndex(line => Marker.Parse(line.Text)?.Nonce == nonce);
            int end = lines.FindIndex(marked + 1, line => line.Text.StartsWith(lastLine, StringComparison.Ordinal));
            return new ConsoleTail(lines, end < 0 ? lines.Count : end + 1);
        }

        while (lines.Count > 0 && ComesAfterTheDump().IsMatch(lines[^1].Text))
            lines.RemoveAt(lines.Count - 1);
        return new ConsoleTail(lines, BeginningOfTheDump(lines));
    }

    // Between its first line and the dump a panic prints no warning: that is the kernel's of what it does to write, as
    // of EFI calls from an NMI (irq_fpu_usable in arch/x86/kernel/fpu/core.c, 5.10 to 7.2).
    private static int BeginningOfTheDump(List<LogLine> lines)
    {
        int panic = lines.FindLastIndex(line => line.Text.StartsWith(CrashCatalogue.Panic, StringComparison.Ordinal));
        int warning =
            panic < 0
                ? -1
                : lines.FindIndex(
                    panic,
                    line => line.Text.StartsWith("------------[ cut here", StringComparison.Ordinal)
                );
        return warning < 0 ? lines.Count : warning;
    }

    // Firmware clears the screen and leaves the kernel's first line to begin behind that.
    [GeneratedRegex(@"^(?:\e\[[0-9;=?]*[A-Za-z])+(?=\[ *[0-9]+\.[0-9]{6}\])", RegexOptions.Multiline)]
    private static partial Regex FirmwaresLeftovers();

    // What panic() prints after kmsg_dump(KMSG_DUMP_PANIC), and what a dumper prints while it writes: kernel/panic.c,
    // fs/pstore/platform.c and drivers/acpi/reboot.c, 5.10 to 7.2.
    [GeneratedRegex(
        @"^---\[ end Kernel panic|^Rebooting in \d+ seconds|^ACPI MEMORY or I/O RESET_REG|^pstore: backend \(|^reboot: "
    )]
    private static partial Regex ComesAfterTheDump();
}
