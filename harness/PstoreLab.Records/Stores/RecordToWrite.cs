namespace PstoreLab.Records.Stores;

/// <summary>A record on its way into a store.</summary>
/// <param name="Type">One of <see cref="RecordType"/>.</param>
/// <param name="Payload">The bytes behind the backend's own header, as they are to be read back; compressed already
/// where that is wanted.</param>
public sealed record RecordToWrite(string Type, ReadOnlyMemory<byte> Payload)
{
    /// <summary>
    /// Which zone of its type, or which ERST slot, from 0. Null for the first that is free. An EFI variable has no
    /// place: it replaces the one of its name.
    /// </summary>
    public int? Index { get; init; }

    /// <summary>What the store is to say of the payload, true or not.</summary>
    public bool MarkedCompressed { get; init; }

    /// <summary>ramoops keeps microseconds, pstore_blk nanoseconds, the others seconds.</summary>
    public DateTimeOffset WrittenAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>
    /// From 1, the newest piece. EFI has it in the variable's name, ERST counts it up in the record id.
    /// </summary>
    public uint Part { get; init; } = 1;

    /// <summary>Which dump of its boot.</summary>
    public int Count { get; init; } = 1;

    /// <summary>One of <see cref="DumpReason"/>, for pstore_blk, which keeps it in its own header.</summary>
    public string Reason { get; init; } = DumpReason.Panic;

    /// <summary>
    /// The ERST record id; null for one made of <see cref="WrittenAt"/> and <see cref="Part"/> as Linux makes them.
    /// </summary>
    public ulong? Id { get; init; }
}
