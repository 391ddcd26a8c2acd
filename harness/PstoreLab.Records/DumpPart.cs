using PstoreLab.Records.Stores;

namespace PstoreLab.Records;

/// <summary>One part of a dump: one file of <c>/sys/fs/pstore</c>, or one record of a store.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Header">Its first line; null where it has none, as a record that is still compressed.</param>
/// <param name="Text">Its part of the kernel log, without the header and the ECC notice; one character a byte, see
/// <see cref="RecordText"/>. For a record that is still compressed its bytes.</param>
/// <param name="Ecc">The notice of ramoops about corrected bytes; null where there is none.</param>
public sealed record DumpPart(RecordName Name, DumpHeader? Header, string Text, EccNotice? Ecc = null)
{
    /// <summary>
    /// Number of the part by its name, where it has no header that says so; null where it has one, or the name does not
    /// say it. <see cref="Reassembly.AssembleByName"/> finds it.
    /// </summary>
    public uint? PartByName { get; init; }

    /// <summary>Number of the part, wherever it is from; 1 for a part that makes a dump of its own.</summary>
    internal uint Number => Header?.Part ?? PartByName ?? 1;

    /// <summary>Whether the text is compressed bytes.</summary>
    internal bool IsCompressed { get; private init; }

    /// <summary>Splits the content of a file into header, text and ECC notice. Any content is accepted.</summary>
    /// <param name="name">Name of the file. A name with <c>.enc.z</c> means that the content is compressed and has no
    /// header.</param>
    /// <param name="content">All bytes of the file.</param>
    public static DumpPart Parse(RecordName name, ReadOnlySpan<byte> content)
    {
        EccNotice.TryStrip(RecordText.FromBytes(content), out var ecc, out var record);
        if (name.Compressed)
            return new DumpPart(name, null, record, ecc) { IsCompressed = true };
        _ = DumpHeader.TryParse(record, out var header, out var text);
        return new DumpPart(name, header, text, ecc);
    }

    /// <summary>Makes the part from a record of a store.</summary>
    /// <param name="record">Any record. Where none of it can be decompressed, the part has its compressed bytes and a
    /// name with <c>.enc.z</c>.</param>
    public static DumpPart FromStored(StoredRecord record) =>
        record.Decompressed.Bytes.IsEmpty
            ? Parse(record.Name with { Compressed = record.MarkedCompressed }, record.Payload.Span)
            : Parse(record.Name, record.Decompressed.Bytes.Span);
}
