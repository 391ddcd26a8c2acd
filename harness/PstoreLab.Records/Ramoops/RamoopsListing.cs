using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>ramoops as a kernel lists it (<c>ramoops_pstore_read</c> in fs/pstore/ram.c, 5.10 to 7.2).</summary>
internal sealed class RamoopsListing : StoreListing
{
    /// <summary>Types in the order in which they are read.</summary>
    public static readonly string[] Order = [RecordType.Dmesg, RecordType.Console, RecordType.Pmsg, RecordType.Ftrace];

    public override IReadOnlyList<string> Backends { get; } = [ZoneReader.Backend];

    public override bool MergesFtrace => true;

    public override string Backend(Version reader) => ZoneReader.Backend;

    public override IEnumerable<StoredRecord> InReadingOrder(DecodedStore store, Version reader) =>
        store.Records.OrderBy(record => Array.IndexOf(Order, record.Name.Type));

    public override long? BufferSize(DecodedStore store, Version reader) =>
        RamoopsLayout.From(store.Options, store.Length) is var layout
        && layout.Zones.FirstOrDefault(zone => zone.Type == RecordType.Dmesg) is { Size: > 0 } zone
            ? ZoneGeometry.Of(zone.Size, layout.ParitySize)?.DataSize
            : null;

    /// <summary>A zone holds part 1 of a dump alone (<c>ramoops_pstore_write</c>).</summary>
    public override IEnumerable<List<DumpPart>> Dumps(IEnumerable<DumpPart> sameHeader) =>
        sameHeader.Select(part => (List<DumpPart>)[part]);
}
