namespace PstoreLab.Records.Stores;

/// <summary>Bytes of a store with one meaning: what damage on purpose aims at.</summary>
/// <param name="Offset">In bytes, from the beginning of the decoded image.</param>
/// <param name="Length">In bytes.</param>
public readonly record struct StoreRegion(RegionKind Kind, long Offset, int Length);

/// <summary>What a region holds.</summary>
public enum RegionKind
{
    /// <summary>
    /// What the backend needs to find the record: zone header, CPER header and section, variable header and name.
    /// </summary>
    Header,

    /// <summary>The record as the backend keeps it, its own prefix (<c>====…</c>) or sub-header included.</summary>
    Data,

    /// <summary>ECC parity of the data.</summary>
    Parity,

    /// <summary>ECC parity of the header.</summary>
    HeaderParity,

    /// <summary>The entry of an index that makes the record live: an ERST map entry.</summary>
    Map,
}
