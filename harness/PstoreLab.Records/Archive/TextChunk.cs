namespace PstoreLab.Records.Archive;

/// <summary>One record's share of a <c>dmesg.txt</c>.</summary>
/// <param name="Offset">Offset in the text, label included, in bytes.</param>
/// <param name="Label">Record name before it, to systemd 252; null where there is none.</param>
/// <param name="Content">The chunk without its label, one character a byte.</param>
/// <param name="Record">The known record with exactly this content; null where there is none.</param>
public sealed record TextChunk(int Offset, RecordName? Label, string Content, ListedRecord? Record)
{
    /// <summary>The dump header at its beginning; null where there is none.</summary>
    public DumpHeader? Header => DumpHeader.TryParse(Content, out var header, out _) ? header : null;
}
