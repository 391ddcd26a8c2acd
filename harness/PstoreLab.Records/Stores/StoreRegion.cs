namespace PstoreLab.Records.Stores;

/// <summary>A range of bytes of a store with one meaning.</summary>
/// <param name="Kind">Its meaning.</param>
/// <param name="Offset">Offset from the first byte of the decoded image, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
public readonly record struct StoreRegion(RegionKind Kind, long Offset, int Length);

/// <summary>Meaning of a region.</summary>
public enum RegionKind
{
    /// <summary>
    /// The backend's header of the record: the zone header of ramoops and pstore_blk, the CPER header and section of
    /// ERST, the header and name of an EFI variable.
    /// </summary>
    Header,

    /// <summary>
    /// The record as the backend stores it, with its own prefix (<c>====…</c> of ramoops) or sub-header (pstore_blk).
    /// </summary>
    Data,

    /// <summary>ECC parity of the data, in ramoops.</summary>
    Parity,

    /// <summary>ECC parity of the header, in ramoops.</summary>
    HeaderParity,

    /// <summary>The index entry that makes the record live: an entry of the ERST map.</summary>
    Map,
}
