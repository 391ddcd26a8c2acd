namespace PstoreLab.Records.Stores;

/// <summary>All records of one store, and the store's own description.</summary>
/// <param name="Kind">Kind of the store.</param>
/// <param name="Length">Length of the decoded image, in bytes.</param>
/// <param name="Layout">The division of the store in one readable line. It says so where the layout was
/// inferred.</param>
/// <param name="Options">
/// The options that describe the store completely, inferred ones included. Decoding or writing with them infers
/// nothing. </param>
/// <param name="Records">The records in the order of the store, deleted and invalid ones included.</param>
/// <param name="Remarks">Diagnostics about the store as a whole, each a sentence without a full stop.</param>
public sealed record DecodedStore(
    StoreKind Kind,
    long Length,
    string Layout,
    StoreOptions Options,
    IReadOnlyList<StoredRecord> Records,
    IReadOnlyList<string> Remarks
)
{
    /// <summary>
    /// What is damaged or missing of the store as a whole, each a sentence without a full stop; empty for a store
    /// that is whole. Damage to one record is among <see cref="StoredRecord.Faults"/>.
    /// </summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>
    /// Offsets of its zones or slots, used or not, in bytes; empty for a store of variables, which has no fixed places.
    /// </summary>
    public IReadOnlyList<long> Divisions { get; init; } = [];
}
