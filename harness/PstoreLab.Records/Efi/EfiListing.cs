using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Efi;

/// <summary>EFI variables as a kernel lists them (drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2).</summary>
internal sealed class EfiListing : StoreListing
{
    /// <summary>Name of the backend to 6.1.</summary>
    private const string OldBackend = "efi";

    /// <summary>Name of the backend since 6.2.</summary>
    public const string LatestBackend = "efi_pstore";

    private const int RecordSize = 1024;

    // "efi: pstore: Follow convention for the efi-pstore backend name" (893c5f1de620), and the parameter record_size
    // beside it.
    private static readonly Version Renamed = new(6, 2);

    // 5.10 lists variables from a copy, the last one first. 6.1 lists them as firmware does, and ends at the first
    // unreadable one.
    private static readonly Version ReadsFirmware = new(6, 1);

    /// <summary>
    /// The longest pause between two parts of an EFI dump, in seconds. Each part has the time of its own writing, and
    /// flash is slow at times. Two crashes have a boot between them, and no boot with EFI is this fast.
    /// </summary>
    private const ulong MaxPause = 5;

    /// <summary>Parts a second that an EFI dump is taken to be written with, where parts are missing.</summary>
    private const uint MinPartsPerSecond = 4;

    private const uint MaxHundreds = 3;

    public override IReadOnlyList<string> Backends { get; } = [OldBackend, LatestBackend];

    public override string Backend(Version reader) => reader < Renamed ? OldBackend : LatestBackend;

    // 5.10 shows stale memory in the place of a record that exceeds its buffer; later kernels get an error.
    public override IEnumerable<StoredRecord> InReadingOrder(DecodedStore store, Version reader)
    {
        long? buffer = BufferSize(store, reader);
        bool IsTooLong(StoredRecord record) => record.State == RecordState.Live && record.Payload.Length > buffer;
        return reader < ReadsFirmware
            ? store.Records.Reverse().Where(record => !record.EndsListing && !IsTooLong(record))
            : store.Records.TakeWhile(record => !IsTooLong(record));
    }

    public override long? BufferSize(DecodedStore store, Version reader) =>
        reader < Renamed
            ? RecordSize
            : Math.Max(RecordSize, store.Options.Number("efi_pstore.record_size") ?? RecordSize);

    /// <summary>
    /// A part of an EFI dump continues the last lower part that was written before it, unless the pause is too long.
    /// </summary>
    public override IEnumerable<List<DumpPart>> Dumps(IEnumerable<DumpPart> sameHeader)
    {
        var dumps = new List<List<DumpPart>>();
        // The end of each dump so far, in the order of time and part.
        var ends = new List<(ulong Seconds, uint Part, List<DumpPart> Dump)>();
        foreach (
            var (part, seconds) in sameHeader
                .Select(part => (Part: part, Seconds: SecondsOf(part)))
                .OrderBy(timed => timed.Seconds)
                .ThenBy(timed => timed.Part.Header!.Part)
        )
        {
            uint number = part.Header!.Part;
            int previous = ends.FindLastIndex(end =>
                end.Part < number && seconds - end.Seconds <= MaxPause + ((number - end.Part - 1) / MinPartsPerSecond)
            );
            var dump = previous < 0 ? [] : ends[previous].Dump;
            if (previous < 0)
                dumps.Add(dump);
            else
                ends.RemoveAt(previous);
            dump.Add(part);
            // Two ends with the same part and time can only be copies: the first is continued.
            if (ends is not [.., var last] || (last.Seconds, last.Part) != (seconds, number))
                ends.Add((seconds, number, dump));
        }

        return dumps;
    }

    /// <summary>
    /// The time of writing of an EFI part, in seconds since 1970. The id is (time · 100 + part) · 1000 + count
    /// (<c>generic_id</c> in drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2): part 100 carries into the time, and a
    /// count of 1000 into the part. So both are subtracted first. Names of kernels before 3.10 have no count.
    /// </summary>
    private static ulong SecondsOf(DumpPart part)
    {
        ulong count = (ulong)Math.Max(0, part.Header!.Count);
        ulong id = part.Name.Id % 1000 == count % 1000 && part.Name.Id >= count ? part.Name.Id - count : part.Name.Id;
        ulong timeAndPart = id / 1000;
        return timeAndPart < part.Header.Part ? 0 : (timeAndPart - part.Header.Part) / 100;
    }

    /// <summary>A dump of the same count that lacks this part, and was written in the same seconds.</summary>
    public override (List<DumpPart>? Dump, uint Number)? PlaceByName(RecordName name, IEnumerable<List<DumpPart>> dumps)
    {
        var (seconds, number, count) = FieldsOf(name.Id);
        if (seconds == 0)
            return null;
        var same = dumps.Where(dump => CountOf(dump) == count).ToList();
        // The hundreds of a part have carried into the time. Only a dump that is as long has such parts.
        for (uint hundreds = 0; hundreds < MaxHundreds; hundreds++)
        {
            uint full = number + (100 * hundreds);
            ulong written = seconds - hundreds;
            var nearest = same.Where(dump =>
                    dump.TrueForAll(part => part.Number != full) && (hundreds == 0 || dump[^1].Number + 1 >= full)
                )
                .Select(dump => (Dump: dump, Pause: dump.Min(part => Pause(written, part))))
                .Where(near => near.Pause <= MaxPause)
                .OrderBy(near => near.Pause)
                .FirstOrDefault();
            if (nearest.Dump is not null)
                return (nearest.Dump, full);
        }
        return (null, number);
    }

    private static ulong CountOf(List<DumpPart> dump) =>
        dump[0].Header is { } header ? unchecked((ulong)header.Count) % 1000 : FieldsOf(dump[0].Name.Id).Count;

    private static ulong Pause(ulong seconds, DumpPart part)
    {
        ulong other = part.Header is null ? FieldsOf(part.Name.Id).Seconds : SecondsOf(part);
        return Math.Max(seconds, other) - Math.Min(seconds, other);
    }

    /// <summary>What an id says of a part below 100 and a count below 1000.</summary>
    private static (ulong Seconds, uint Part, ulong Count) FieldsOf(ulong id) =>
        (id / 100_000, (uint)(id / 1000 % 100), id % 1000);
}
