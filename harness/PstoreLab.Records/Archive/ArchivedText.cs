using System.Text.RegularExpressions;

namespace PstoreLab.Records.Archive;

/// <summary>
/// A <c>dmesg.txt</c>: the parts that systemd-pstore took for one dump, one after the other (src/pstore/pstore.c, 247
/// to 262). To systemd 252 the file name of each part stands before it, "%s:\n" (<c>process_dmesg_files</c>). Since 253
/// nothing stands between them (<c>append_dmesg</c>): a part begins at its header.
/// </summary>
/// <param name="Path">As in <see cref="ArchivedFile.Path"/>.</param>
/// <param name="Chunks">All of the text in its order.</param>
public sealed partial record ArchivedText(string Path, IReadOnlyList<TextChunk> Chunks)
{
    /// <summary>
    /// Splits a text. Any content is accepted. A known record that is there byte for byte is one chunk; any other chunk
    /// ends at the next label or header.
    /// </summary>
    /// <param name="path">As in <see cref="ArchivedFile.Path"/>.</param>
    /// <param name="content">The text, one character a byte; see <see cref="RecordText"/>.</param>
    /// <param name="known">The dmesg records that may be in it.</param>
    public static ArchivedText Parse(string path, string content, IReadOnlyCollection<ListedRecord> known)
    {
        var chunks = new List<TextChunk>();
        var unused = new HashSet<ListedRecord>(known);
        int position = 0;
        while (position < content.Length)
        {
            var label = LabelAt(content, position, out int start);
            var record = RecordAt(content, start, label, known, unused);
            int end = record is not null ? start + record.Content.Length : EndOfUnknown(content, start, known);
            if (record is not null)
                unused.Remove(record);
            chunks.Add(new TextChunk(position, label, content[start..end], record));
            position = end;
        }

        return new ArchivedText(path, chunks);
    }

    private static RecordName? LabelAt(string content, int position, out int start)
    {
        var match = LabelHere().Match(content, position);
        start = position;
        if (!match.Success || !RecordName.TryParse(match.Groups["name"].Value, out var name))
            return null;
        start += match.Length;
        return name;
    }

    /// <summary>
    /// The record that the label names, or else the longest one; among copies first one that the text does not have
    /// yet.
    /// </summary>
    private static ListedRecord? RecordAt(
        string content,
        int start,
        RecordName? label,
        IEnumerable<ListedRecord> known,
        HashSet<ListedRecord> unused
    ) =>
        known
            .Where(record =>
                (label is null ? record.Content.Length > 0 : record.Name == label)
                && string.CompareOrdinal(content, start, record.Content, 0, record.Content.Length) == 0
            )
            .OrderByDescending(record => record.Content.Length)
            .ThenByDescending(unused.Contains)
            .FirstOrDefault();

    private static int EndOfUnknown(string content, int start, IEnumerable<ListedRecord> known)
    {
        // Its own header ends nothing.
        int from = start + Math.Max(1, HeaderHere().Match(content, start).Length);
        if (from >= content.Length)
            return content.Length;
        int end = content.Length;
        foreach (var pattern in new[] { Label(), Header() })
        {
            if (pattern.Match(content, from) is { Success: true } next)
                end = Math.Min(end, next.Index);
        }

        // A record without a header is found by its content alone.
        foreach (
            var record in known.Where(record => record.Content.Length > 0 && !HeaderHere().IsMatch(record.Content))
        )
        {
            int at = content.AsSpan(from, end - from).IndexOf(record.Content, StringComparison.Ordinal);
            if (at >= 0)
                end = from + at;
        }

        return end;
    }

    private const string LabelPattern = @"(?<name>dmesg-[!-.0-~]{1,100}?-[0-9]{1,20}(?:\.enc\.z)?):\n";

    // Any word at the beginning of a line, as in DumpHeader. Within a line the kernel's own words alone: a chunk before
    // it may have been cut there.
    private const string HeaderPattern =
        @"(?:(?:^|(?<=\n))[A-Za-z]{1,16}|(?:Panic|Oops|Emergency|Shutdown|Restart|Halt|Poweroff|Unknown))"
        + @"(?:: Total -?[0-9]{1,10} times\n[A-Za-z]{1,16})?#-?[0-9]{1,10} Part[0-9]{1,10}\n";

    [GeneratedRegex(LabelPattern)]
    private static partial Regex Label();

    [GeneratedRegex(@"\G" + LabelPattern)]
    private static partial Regex LabelHere();

    [GeneratedRegex(HeaderPattern)]
    private static partial Regex Header();

    [GeneratedRegex(@"\G" + HeaderPattern)]
    private static partial Regex HeaderHere();
}
