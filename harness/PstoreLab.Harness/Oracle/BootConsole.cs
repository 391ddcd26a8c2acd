using PstoreLab.Harness.Evidence;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>All that one boot wrote to its serial console.</summary>
internal sealed record BootConsole(string Text)
{
    /// <summary>Nothing, where the console was not kept.</summary>
    public static BootConsole Of(CaseFolder folder, int boot)
    {
        string path = folder.Boot(boot).Console;
        return new BootConsole(File.Exists(path) ? RecordText.FromBytes(File.ReadAllBytes(path)) : "");
    }

    /// <summary>
    /// The first line that holds the text, whole and fit for a terminal: what somebody with another console compares it with. Null where no line
    /// does.
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
