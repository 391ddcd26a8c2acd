using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>All that one boot wrote to its serial console.</summary>
internal sealed record BootConsole(string Text)
{
    /// <summary>A file that a kernel which came up has left, and so is not empty.</summary>
    /// <exception cref="EvidenceException">It is missing or empty.</exception>
    public static BootConsole Read(string path) =>
        EvidenceReader.Bytes(path) is { Length: > 0 } text
            ? new BootConsole(RecordText.FromBytes(text))
            : throw new EvidenceException(path, "is empty");

    /// <summary>
    /// The text that a console of the kernel's own gets: from the first line of its log on, lines ending as printk ends
    /// them. The serial driver puts a carriage return before each line feed (uart_console_write in
    /// drivers/tty/serial/serial_core.c).
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
                if (LogLine.Parse(text[start..end]).Timestamp is not null)
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
