using System.Text;

namespace PstoreLab.FakeQemu;

/// <summary>What the kernel has said since it began: on the console, and in memory for its record.</summary>
internal sealed class KernelLog(Stream console)
{
    private readonly List<string> _lines = [];
    private Stream _console = console;
    private int _microseconds;

    public IReadOnlyList<string> Lines => _lines;

    public void Say(string text, bool ends = true)
    {
        // The first lines come before the clock runs.
        var stamp = _lines.Count < 3 ? 0 : _microseconds += 1003;
        var line = $"[{(stamp / 1_000_000).ToString().PadLeft(5)}.{stamp % 1_000_000:000000}] {text}";
        _lines.Add(line);
        Print(line + (ends ? "\r\n" : ""));
    }

    public void Print(string text)
    {
        _console.Write(Encoding.Latin1.GetBytes(text));
        _console.Flush();
    }

    /// <summary>Prints to another console from now on.</summary>
    public void Goes(Stream other) => _console = other;
}
