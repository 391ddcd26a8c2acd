using System.Text.RegularExpressions;
using PstoreLab.Harness.Crashes;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// The console of a kernel up to the moment it wrote its record, and after it: records are compared with it. It is a
/// witness, not a judge: others may have written there, too.
/// </summary>
/// <param name="Lines">The kernel's lines, in the order of the log, and those of others that look like them.</param>
/// <param name="Needed">How many of them were there before the record was written, at least: the last of these must be
/// in it.</param>
/// <param name="IsShared">Whether a program in the guest can have written to it.</param>
internal sealed partial record ConsoleTail(IReadOnlyList<ConsoleEntry> Lines, int Needed, bool IsShared)
{
    /// <summary>Whether another processor can have been about to print when the kernel died.</summary>
    public bool HasOtherProcessors { get; init; }

    /// <summary>
    /// Whether the kernel gave up lines before they came to the console: <c>console_unlock</c> or
    /// <c>printk_get_next_message</c> in kernel/printk/printk.c, 5.10 to 7.2.
    /// </summary>
    public bool HasDropped { get; private init; }

    /// <summary>
    /// Whether the kernel's lines have no time stamps, as with <c>printk.time=0</c>: nothing then tells them from those
    /// of others.
    /// </summary>
    public bool IsWithoutTimes { get; private init; }

    /// <summary>Reads a console up to the record of a crash.</summary>
    /// <param name="nonce">Of the crash.</param>
    /// <param name="lastLine">
    /// The beginning of the line behind the crash's marker lines after which the record was written; null for the last
    /// that the dying kernel could give to it.
    /// </param>
    public static ConsoleTail Of(BootConsole console, string nonce, string? lastLine = null)
    {
        var all = All(console);
        var lines = all.Lines.ToList();
        int marked = lines.FindLastIndex(line => Marker.Parse(line.Line.Text)?.Nonce == nonce);
        if (lastLine is not null)
        {
            int end = lines.FindIndex(
                marked + 1,
                line => line.Line.Text.StartsWith(lastLine, StringComparison.Ordinal)
            );
            return all with { Needed = end < 0 ? lines.Count : end + 1 };
        }

        return UpToTheDump(all, lines, marked);
    }

    /// <summary>Reads a console up to the record of the panic that it ends with.</summary>
    public static ConsoleTail OfLastWords(BootConsole console)
    {
        var all = All(console);
        return UpToTheDump(all, [.. all.Lines], -1);
    }

    /// <param name="marked">The last marker line; -1 for none.</param>
    private static ConsoleTail UpToTheDump(ConsoleTail all, List<ConsoleEntry> lines, int marked)
    {
        // Without time stamps the firmware's text behind the reset looks like the kernel's.
        if (
            all.IsWithoutTimes
            && lines.FindIndex(marked + 1, line => ComesAfterTheDump().IsMatch(line.Line.Text)) is >= 0 and var over
        )
            lines.RemoveRange(over, lines.Count - over);
        while (lines.Count > 0 && ComesAfterTheDump().IsMatch(lines[^1].Line.Text))
            lines.RemoveAt(lines.Count - 1);
        return all with { Lines = lines, Needed = BeginningOfTheDump(lines) };
    }

    /// <summary>Reads a console to its end. Lines of firmware and programs are passed over.</summary>
    public static ConsoleTail All(BootConsole console)
    {
        var entries = ConsoleEntry.ParseAll(console.Text).ToList();
        // The kernel's own first line shows whether it gives times.
        int banner = entries.FindIndex(entry => console.Banner.In(entry.Raw) is not null);
        bool withoutTimes = banner >= 0 && console.Banner.In(entries[banner].Raw) is { IsTimed: false };
        ConsoleEntry[] lines =
        [
            .. withoutTimes
                ? entries.Skip(banner).Where(entry => entry.Raw.Length > 0)
                : entries.Where(entry => entry.HasTime),
        ];
        return new ConsoleTail(lines, lines.Length, console.IsShared)
        {
            HasDropped = Dropped().IsMatch(console.Text),
            IsWithoutTimes = withoutTimes,
            HasOtherProcessors = console.Cpus > 1,
        };
    }

    // Between its first line and the dump a panic prints no warning: that is the kernel's of what it does to write, as
    // of EFI calls from an NMI (irq_fpu_usable in arch/x86/kernel/fpu/core.c, 5.10 to 7.2).
    private static int BeginningOfTheDump(List<ConsoleEntry> lines)
    {
        int panic = lines.FindLastIndex(line =>
            line.Line.Text.StartsWith(CrashCatalogue.Panic, StringComparison.Ordinal)
        );
        int warning =
            panic < 0
                ? -1
                : lines.FindIndex(
                    panic,
                    line => line.Line.Text.StartsWith("------------[ cut here", StringComparison.Ordinal)
                );
        return warning < 0 ? lines.Count : warning;
    }

    // What panic() prints after kmsg_dump(KMSG_DUMP_PANIC), and what a dumper prints while it writes: kernel/panic.c,
    // fs/pstore/platform.c and drivers/acpi/reboot.c, 5.10 to 7.2.
    [GeneratedRegex(
        @"^---\[ end Kernel panic|^Rebooting in \d+ seconds|^ACPI MEMORY or I/O RESET_REG|^pstore: backend \(|^reboot: "
    )]
    private static partial Regex ComesAfterTheDump();

    [GeneratedRegex(@"^\*\* \d+ printk messages dropped", RegexOptions.Multiline)]
    private static partial Regex Dropped();
}
