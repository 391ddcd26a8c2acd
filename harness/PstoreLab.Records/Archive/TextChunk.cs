namespace PstoreLab.Records.Archive;

/// <summary>What one record gave to a <c>dmesg.txt</c>.</summary>
/// <param name="Offset">Where it begins in the text, its label included.</param>
/// <param name="Label">The name of a record that stands before it; null where there is none, as from systemd 253
/// on.</param>
/// <param name="Content">Without the label.</param>
/// <param name="Record">The record it is, byte for byte; null when it is none of those that are known.</param>
public sealed record TextChunk(int Offset, RecordName? Label, string Content, ListedRecord? Record)
{
    /// <summary>Its first line; null when there is none to be read.</summary>
    public DumpHeader? Header => DumpHeader.TryParse(Content, out var header, out _) ? header : null;
}
