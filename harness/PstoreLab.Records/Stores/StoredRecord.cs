using PstoreLab.Records.Compression;
using PstoreLab.Records.Ftrace;

namespace PstoreLab.Records.Stores;

/// <summary>One record in a store.</summary>
public sealed record StoredRecord
{
    /// <summary>
    /// Its place in the terms of the format: <c>dmesg zone 0</c>, <c>slot 3</c>, <c>variable
    /// dump-type0-1-1-1700000000-C</c>.
    /// </summary>
    public required string Place { get; init; }

    /// <summary>
    /// Its file name in the latest kernel, without <c>.enc.z</c>. <see cref="PstoreListing"/> predicts the name in a
    /// given kernel.
    /// </summary>
    public required RecordName Name { get; init; }

    /// <summary>Whether a kernel shows it.</summary>
    public required RecordState State { get; init; }

    /// <summary>The bytes of the record in the store, in the order of the store.</summary>
    public required IReadOnlyList<StoreRegion> Regions { get; init; }

    /// <summary>
    /// The bytes that the backend hands to pstore: corrected by ECC, without the backend's own header and prefix,
    /// perhaps compressed.
    /// </summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the store marks the payload as compressed. No store says by which method.</summary>
    public bool MarkedCompressed { get; init; }

    /// <summary>The decompressed payload, as far as it can be decompressed.</summary>
    public required DecompressedPayload Decompressed { get; init; }

    /// <summary>Time of writing, as the store has it; null where it has none.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>
    /// Whether a ring (console, pmsg or ftrace) is full: the text before it has perhaps been overwritten.
    /// </summary>
    public bool IsFull { get; init; }

    /// <summary>Layout of the records in an ftrace zone; null for any other type.</summary>
    public FtraceFormat? FtraceFormat { get; init; }

    /// <summary>The function calls in an ftrace zone, the first call first; empty for any other type.</summary>
    public IReadOnlyList<FtraceEntry> Calls => FtraceFormat?.Parse(Payload.Span) ?? [];

    /// <summary>Result of the error correction; null in a store without.</summary>
    public EccReport? Ecc { get; init; }

    /// <summary>
    /// The bytes of the payload that no correction could bring back, in ascending order; empty in a store without ECC.
    /// They are in the payload, as the store has them.
    /// </summary>
    public IReadOnlyList<LostRange> Lost { get; init; } = [];

    /// <summary>
    /// Other fields that the store has for the record, by name, in a readable form: <c>("record id", "0x6…")</c>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Diagnostics about the record, each a sentence without a full stop; empty for a valid record.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>
    /// Whether a kernel ends its listing at this record: it shows neither this one nor the valid ones behind it. The
    /// backend's <c>read</c> returns 0 or an error, and <c>pstore_get_backend_records</c> in fs/pstore/platform.c, 5.10
    /// to 7.2, stops there.
    /// </summary>
    public bool EndsListing { get; init; }

    /// <summary>The same record for <see cref="IStoreFormat.Write"/>: place, name and payload are kept.</summary>
    public required RecordToWrite AsRecordToWrite { get; init; }

    /// <summary>Offset of its first byte in the decoded image, in bytes. The index does not count.</summary>
    public long Offset => Regions.Min(region => region.Kind == RegionKind.Map ? long.MaxValue : region.Offset);
}
