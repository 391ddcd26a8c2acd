using PstoreLab.Records.Compression;

namespace PstoreLab.Records.Stores;

/// <summary>One record as it lies in a store.</summary>
public sealed record StoredRecord
{
    /// <summary>
    /// Where it lies, in the words of its format: <c>dmesg zone 0</c>, <c>slot 3</c>, <c>variable
    /// dump-type0-1-1-1700000000-C</c>.
    /// </summary>
    public required string Place { get; init; }

    /// <summary>
    /// What a new kernel calls its file, without <c>.enc.z</c>. <see cref="PstoreListing"/> knows what a given kernel
    /// calls it.
    /// </summary>
    public required RecordName Name { get; init; }

    public required RecordState State { get; init; }

    /// <summary>The bytes it is made of, in the order of the store.</summary>
    public required IReadOnlyList<StoreRegion> Regions { get; init; }

    /// <summary>
    /// What the backend hands to pstore: corrected by ECC where there is one, without the backend's own header and prefix;
    /// perhaps compressed.
    /// </summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the store says that the payload is compressed. It never says with what.</summary>
    public bool MarkedCompressed { get; init; }

    /// <summary>The payload uncompressed, as far as it could be.</summary>
    public required DecompressedPayload Decompressed { get; init; }

    /// <summary>When the store says that it was written; null where it does not say.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>Of a ring: whether it has no room left, so that what came before was overwritten.</summary>
    public bool IsFull { get; init; }

    /// <summary>Null where there is no error correction.</summary>
    public EccReport? Ecc { get; init; }

    /// <summary>
    /// What else the store says of it, for a person: name and value, such as <c>("record id", "0x6…")</c>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>What is wrong with it, each as a sentence without a full stop; empty for a sound record.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>
    /// A kernel that meets it looks no further: of this record and what lies behind it nothing is shown, sound or not
    /// (<c>read</c> of the backend gives 0 or an error, at which <c>pstore_get_backend_records</c> in
    /// fs/pstore/platform.c stops, 5.10 to 7.2).
    /// </summary>
    public bool EndsListing { get; init; }

    /// <summary>Writing this makes the record again: its place, its names and its payload.</summary>
    public required RecordToWrite AsRecordToWrite { get; init; }

    /// <summary>Where it begins, in bytes from the beginning of the decoded image.</summary>
    public long Offset => Regions.Min(region => region.Kind == RegionKind.Map ? long.MaxValue : region.Offset);
}
