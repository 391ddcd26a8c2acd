namespace PstoreLab.Records.Stores;

/// <summary>A record for <see cref="IStoreFormat.Write"/>.</summary>
/// <param name="Type">One of <see cref="RecordType"/>.</param>
/// <param name="Payload">The bytes behind the backend's own header. A record that is to be stored compressed has its
/// compressed bytes here.</param>
public sealed record RecordToWrite(string Type, ReadOnlyMemory<byte> Payload)
{
    /// <summary>
    /// Number of the zone among those of the type, or of the ERST slot, from 0; null for the first free one. EFI does
    /// without: a variable replaces the one of its name.
    /// </summary>
    public int? Index { get; init; }

    /// <summary>Whether the store is to mark the payload as compressed. It is not checked.</summary>
    public bool MarkedCompressed { get; init; }

    /// <summary>Time of writing. ramoops stores microseconds, pstore_blk nanoseconds, ERST and EFI seconds.</summary>
    public DateTimeOffset WrittenAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>
    /// Number of the part, from 1, the end of the log. EFI stores it in the variable's name, ERST in the record id.
    /// </summary>
    public uint Part { get; init; } = 1;

    /// <summary>Number of the dump: within its boot for EFI, within all of its reason for pstore_blk.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Reason of the dump, one of <see cref="DumpReason"/>; pstore_blk alone stores it in its
    /// header.</summary>
    public string Reason { get; init; } = DumpReason.Panic;

    /// <summary>
    /// Record id, for ERST alone; null for the one that Linux makes of <see cref="WrittenAt"/> and <see cref="Part"/>.
    /// </summary>
    public ulong? Id { get; init; }
}
