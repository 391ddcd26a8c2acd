using PstoreLab.Records.Stores;

namespace PstoreLab.Records;

/// <summary>One file that is a piece of a dump.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Header">Its first line; null when there is none to be read, as in a record that is still
/// compressed.</param>
/// <param name="Text">What the kernel log said: without the header and the notice. One character a byte, see
/// <see cref="RecordText"/>.</param>
/// <param name="Ecc">What ramoops says of its repairs, if anything.</param>
public sealed record DumpPart(RecordName Name, DumpHeader? Header, string Text, EccNotice? Ecc = null)
{
    /// <summary>Takes a file apart; any content will do.</summary>
    public static DumpPart Parse(RecordName name, ReadOnlySpan<byte> content)
    {
        EccNotice.TryStrip(RecordText.FromBytes(content), out var ecc, out var record);
        if (name.Compressed)
            return new DumpPart(name, null, record, ecc);
        _ = DumpHeader.TryParse(record, out var header, out var text);
        return new DumpPart(name, header, text, ecc);
    }

    /// <summary>
    /// The piece that a stored record is: its text as far as it can be had, or, where none can, its bytes as they lie.
    /// </summary>
    public static DumpPart FromStored(StoredRecord record) =>
        record.Decompressed.Bytes.IsEmpty
            ? Parse(record.Name with { Compressed = record.MarkedCompressed }, record.Payload.Span)
            : Parse(record.Name, record.Decompressed.Bytes.Span);
}
