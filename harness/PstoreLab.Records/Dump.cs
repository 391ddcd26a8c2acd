using System.Text;

namespace PstoreLab.Records;

/// <summary>
/// One crash as pstore kept it: the parts of one kernel log. <see cref="Reassembly"/> finds the parts of each dump.
/// </summary>
public sealed class Dump
{
    /// <param name="parts">At least one, all of one dump, by ascending part number.</param>
    internal Dump(IReadOnlyList<DumpPart> parts)
    {
        Parts = parts;
        MissingParts = [.. parts.Select((part, index) => MissingBefore(index)).OfType<MissingPart>()];
    }

    /// <summary>
    /// The parts by ascending number, at least one. Part 1 is the end of the log: <c>pstore_dump</c> writes the last
    /// lines first (fs/pstore/platform.c, 5.10 to 7.2).
    /// </summary>
    public IReadOnlyList<DumpPart> Parts { get; }

    /// <summary>
    /// The part numbers that are missing below the highest one, ascending; empty where there are none. Missing parts
    /// above it leave no trace: no record says how many parts its dump has.
    /// </summary>
    public IReadOnlyList<MissingPart> MissingParts { get; }

    /// <summary>Name of the backend, as in the file names; see <see cref="RecordName.Backend"/>.</summary>
    public string Backend => Parts[0].Name.Backend;

    /// <summary>Header of the lowest part that has one; null where none has a readable header.</summary>
    public DumpHeader? Header => Parts.FirstOrDefault(part => part.Header is not null)?.Header;

    /// <summary>How many parts are in their places by their names alone.</summary>
    public int PartsByName => Parts.Count(part => part.PartByName is not null);

    /// <summary>
    /// The log from its first to its last line, without the headers of the parts; one character a byte, see
    /// <see cref="RecordText"/>. A line <c>[parts 3 to 4 missing]</c> takes the place of missing parts.
    /// </summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            for (var index = Parts.Count - 1; index >= 0; index--)
            {
                text.Append(Parts[index].Text);
                if (MissingBefore(index) is not { } missing)
                    continue;
                if (text.Length > 0 && text[^1] != '\n')
                    text.Append('\n');
                text.Append($"[{missing}]\n");
            }
            return text.ToString();
        }
    }

    /// <summary>The numbers between a part and the one before it; part 1 is expected before the first.</summary>
    private MissingPart? MissingBefore(int index)
    {
        var previous = index == 0 ? 0 : Parts[index - 1].Number;
        var number = Parts[index].Number;
        return number > 1 && number - 1 > previous ? new MissingPart(previous + 1, number - 1) : null;
    }
}
