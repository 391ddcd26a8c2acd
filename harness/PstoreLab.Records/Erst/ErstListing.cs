using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Erst;

/// <summary>ERST as a kernel lists it (drivers/acpi/apei/erst.c, 5.10 to 7.2).</summary>
internal sealed class ErstListing : StoreListing
{
    public override IReadOnlyList<string> Backends { get; } = [ErstDecoder.Backend];

    public override string Backend(Version reader) => ErstDecoder.Backend;

    public override long? BufferSize(DecodedStore store, Version reader) =>
        store.Options.Number(ErstFormat.RecordSizeParameter) - CperRecord.PrefixLength;

    /// <summary>
    /// ERST counts the ids of a boot up by one a part (<c>cper_next_record_id</c> in drivers/firmware/efi/cper.c): id −
    /// part is the same for all parts of a dump.
    /// </summary>
    public override IEnumerable<List<DumpPart>> Dumps(IEnumerable<DumpPart> sameHeader) =>
        sameHeader.GroupBy(part => unchecked(part.Name.Id - part.Header!.Part)).SelectMany(ByPart);

    /// <summary>By ascending part. A copy of a part makes a dump of its own.</summary>
    private static IEnumerable<List<DumpPart>> ByPart(IEnumerable<DumpPart> oneDump)
    {
        var dump = new List<DumpPart>();
        foreach (var part in oneDump.OrderBy(part => part.Header!.Part))
        {
            if (dump.Count > 0 && part.Header!.Part <= dump[^1].Header!.Part)
                yield return [part];
            else
                dump.Add(part);
        }
        yield return dump;
    }

    /// <summary>
    /// The dump that lacks this part; or else the one that ends with the id before; or else a new one, with this part
    /// as its first.
    /// </summary>
    public override (List<DumpPart>? Dump, uint Number)? PlaceByName(RecordName name, IEnumerable<List<DumpPart>> dumps)
    {
        List<DumpPart>? next = null;
        foreach (var dump in dumps)
        {
            ulong number = NumberIn(dump, name.Id);
            if (number is > 0 && number < dump[^1].Number && dump.TrueForAll(part => part.Number != number))
                return (dump, (uint)number);
            if (number == dump[^1].Number + 1UL)
                next = dump;
        }
        return next is null ? (null, 1) : (next, next[^1].Number + 1);
    }

    // Huge for an id before the dump's first.
    private static ulong NumberIn(List<DumpPart> dump, ulong id) => unchecked(id - dump[0].Name.Id + dump[0].Number);
}
