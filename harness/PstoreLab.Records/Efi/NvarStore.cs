using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Efi;

/// <summary>
/// The NVAR store of AMI firmware (Aptio): entries one behind the other, of which a later one may hold the newer data
/// of an earlier one.
/// </summary>
internal static class NvarStore
{
    public static ReadOnlySpan<byte> Signature => "NVAR"u8;

    /// <summary>Whether an entry begins at the first byte.</summary>
    public static bool IsAt(ReadOnlySpan<byte> head) => NvarEntry.IsHeader(head);

    /// <summary>Reads the entries from the first byte on, up to where none is.</summary>
    public static DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options)
    {
        var entries = new List<NvarEntry>();
        int at = 0;
        while (NvarEntry.At(image, at) is { } entry)
        {
            entries.Add(entry);
            at += entry.Length;
        }
        var byOffset = entries.ToDictionary(entry => entry.Offset);
        var records = new List<StoredRecord>();
        foreach (var entry in entries)
        {
            if (
                entry.Name is { } text
                && DumpVariableName.TryParse(text, out var name)
                && (entry.Vendor ?? EfiGuids.Dump) == EfiGuids.Dump
            )
                records.Add(Record(image, entry, Latest(entry, byOffset), name));
        }
        return new DecodedStore(
            StoreKind.Efi,
            at,
            $"NVAR store of AMI firmware with {entries.Count} entries in {at} bytes",
            options,
            records,
            []
        );
    }

    // An entry that is changed keeps its name, and says how far behind it the new data is.
    private static NvarEntry Latest(NvarEntry entry, Dictionary<int, NvarEntry> byOffset)
    {
        var latest = entry;
        while (latest.Next is { } next && byOffset.TryGetValue(latest.Offset + next, out var newer) && newer.IsDataOnly)
            latest = newer;
        return latest;
    }

    private static StoredRecord Record(ReadOnlySpan<byte> image, NvarEntry entry, NvarEntry data, DumpVariableName name)
    {
        byte[] payload = image.Slice(data.DataOffset, data.DataLength).ToArray();
        var decompressed = EfiFormat.Decompress(name, payload);
        var written = DateTimeOffset.FromUnixTimeSeconds(
            (long)Math.Min(name.Seconds, (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        );
        return new StoredRecord
        {
            Place = $"variable {RecordText.ForDisplay(entry.Name!)}",
            Name = new RecordName(name.Type, EfiListing.LatestBackend, name.Id),
            State =
                !entry.IsValid || !data.IsValid ? RecordState.Deleted
                : entry.IsRuntime ? RecordState.Live
                : RecordState.Invalid,
            Regions =
            [
                new StoreRegion(RegionKind.Header, data.Offset, data.DataOffset - data.Offset),
                new StoreRegion(RegionKind.Data, data.DataOffset, payload.Length),
            ],
            Payload = payload,
            MarkedCompressed = name.Compressed,
            Decompressed = decompressed,
            WrittenAt = written,
            Fields = [new("attributes", $"0x{entry.Attributes:x2}")],
            Faults = decompressed.Fault is { } fault ? [fault] : [],
            AsRecordToWrite = new RecordToWrite(name.Type, payload)
            {
                MarkedCompressed = name.Compressed,
                WrittenAt = written,
                Part = name.Part,
                Count = name.Count ?? 0,
            },
        };
    }
}
