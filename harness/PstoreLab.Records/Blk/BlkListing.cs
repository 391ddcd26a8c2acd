using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>pstore_blk as a kernel lists it (<c>psz_read_next_zone</c> in fs/pstore/zone.c, 5.10 to 7.2).</summary>
internal sealed class BlkListing : StoreListing
{
    /// <summary>Types in the order in which they are read.</summary>
    public static readonly string[] Order = [RecordType.Dmesg, RecordType.Ftrace, RecordType.Pmsg, RecordType.Console];

    public override IReadOnlyList<string> Backends { get; } = [BlkDecoder.Backend];

    public override bool MergesFtrace => true;

    public override string Backend(Version reader) => BlkDecoder.Backend;

    // Rings are read from the device before anything is listed; an error there ends all.
    public override IEnumerable<StoredRecord> InReadingOrder(DecodedStore store, Version reader) =>
        store.Records.Any(record => record.EndsListing && record.Name.Type != RecordType.Dmesg)
            ? []
            : store.Records.OrderBy(record => Array.IndexOf(Order, record.Name.Type));

    public override long? BufferSize(DecodedStore store, Version reader) =>
        BlkLayout.From(store.Options, store.Length / 4096 * 4096).Of(RecordType.Dmesg).FirstOrDefault()
            is { Length: > 0 } zone
            ? zone.Length - BlkHeader.Length - BlkKmsgHeader.Length
            : null;

    // psz_kmsg_read, fs/pstore/zone.c: not for a record that is stored compressed, even if decompression fails.
    public override string Heading(StoredRecord record) =>
        record.Name.Type == RecordType.Dmesg && !record.MarkedCompressed
            ? $"{record.AsRecordToWrite.Reason}: Total {record.AsRecordToWrite.Count} times\n"
            : "";

    /// <summary>A zone holds part 1 of a dump alone (<c>psz_kmsg_write</c>).</summary>
    public override IEnumerable<List<DumpPart>> Dumps(IEnumerable<DumpPart> sameHeader) =>
        sameHeader.Select(part => (List<DumpPart>)[part]);
}
