using System.Text;

namespace PstoreLab.Records;

/// <summary>One crash as pstore kept it: the pieces of one kernel log.</summary>
public sealed class Dump
{
    /// <param name="parts">At least one, of one dump, in the order of their parts.</param>
    internal Dump(IReadOnlyList<DumpPart> parts)
    {
        Parts = parts;
        MissingParts = [.. parts.Select((part, index) => Before(index)).OfType<MissingPart>()];
    }

    /// <summary>By rising part: the newest piece of the log first.</summary>
    public IReadOnlyList<DumpPart> Parts { get; }

    /// <summary>
    /// Missing parts, newest first. That the oldest are missing cannot be seen: nothing says how many there were.
    /// </summary>
    public IReadOnlyList<MissingPart> MissingParts { get; }

    public string Backend => Parts[0].Name.Backend;

    /// <summary>The header of the newest piece; null when the dump is a single piece that cannot be read.</summary>
    public DumpHeader? Header => Parts[0].Header;

    /// <summary>
    /// The log from its oldest line to its newest, one character a byte; a line <c>[parts 3 to 4 missing]</c> stands
    /// for each gap.
    /// </summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            for (var index = Parts.Count - 1; index >= 0; index--)
            {
                text.Append(Parts[index].Text);
                if (Before(index) is not { } gap)
                    continue;
                if (text.Length > 0 && text[^1] != '\n')
                    text.Append('\n');
                text.Append($"[{gap}]\n");
            }
            return text.ToString();
        }
    }

    /// <summary>
    /// The parts missing between a piece and the next newer one, which for the newest piece there is should be part 0.
    /// </summary>
    private MissingPart? Before(int index)
    {
        var newer = index == 0 ? 0 : Parts[index - 1].Header!.Part;
        return Parts[index].Header is { Part: > 1 } header && header.Part - 1 > newer
            ? new MissingPart(newer + 1, header.Part - 1)
            : null;
    }
}
