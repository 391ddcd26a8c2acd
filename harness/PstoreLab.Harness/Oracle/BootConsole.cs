using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>All that came over the serial console at one boot.</summary>
/// <param name="Text">One character a byte.</param>
internal sealed record BootConsole(string Text)
{
    /// <summary>Finds the line that says which kernel boots.</summary>
    public KernelBanner Banner { get; init; } = new(MachineCatalogue.Default.Architecture);

    /// <summary>Whether programs of the guest, and not only its kernel, can have written to it.</summary>
    public bool IsShared { get; init; }

    /// <summary>Processors of the machine.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>A file that a kernel which came up has left, and so is not empty.</summary>
    /// <exception cref="EvidenceException">It is missing or empty.</exception>
    public static BootConsole Read(string path) =>
        EvidenceReader.Bytes(path) is { Length: > 0 } text
            ? new BootConsole(RecordText.FromBytes(text))
            : throw new EvidenceException(path, "is empty");

    /// <summary>
    /// The text that a console of the kernel's own gets, where nobody else writes: from the first line of its log on,
    /// lines ending as printk ends them. The serial driver puts a carriage return before each line feed
    /// (uart_console_write in drivers/tty/serial/serial_core.c).
    /// </summary>
    public string KernelLog
    {
        get
        {
            string text = Text.Replace("\r\n", "\n", StringComparison.Ordinal);
            int start = 0;
            while (start < text.Length)
            {
                int end = text.IndexOf('\n', start) is >= 0 and var feed ? feed : text.Length;
                string line = text[start..end];
                if (LogLine.Parse(line).Timestamp is not null || Banner.In(line) is { At: 0 })
                    return text[start..];
                start = end + 1;
            }

            return "";
        }
    }

    /// <summary>
    /// The first line that holds the text, whole and fit for a terminal: what somebody with another console compares it
    /// with. Null where no line does.
    /// </summary>
    public string? LineWith(string text)
    {
        int at = Text.IndexOf(text, StringComparison.Ordinal);
        if (at < 0)
            return null;
        int start = Text.AsSpan(0, at).LastIndexOf('\n') + 1;
        int end = Text.IndexOf('\n', at + text.Length);
        return RecordText.ForDisplay(Text[start..(end < 0 ? Text.Length : end)].Trim('\r', '\n'));
    }
}
