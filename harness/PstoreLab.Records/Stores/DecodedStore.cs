namespace PstoreLab.Records.Stores;

/// <summary>Everything that is in one store.</summary>
/// <param name="Length">Of the store, in bytes.</param>
/// <param name="Layout">How it is divided, in one line for a person; says so where the division was inferred.</param>
/// <param name="Options">
/// The options that describe it in full, inferred ones filled in: decoding or writing with these needs no guess.
/// </param>
/// <param name="Records">In the order of the store; deleted and invalid ones among them.</param>
/// <param name="Remarks">What is to be said of the store as a whole, each as a sentence without a full stop.</param>
public sealed record DecodedStore(
    StoreKind Kind,
    long Length,
    string Layout,
    StoreOptions Options,
    IReadOnlyList<StoredRecord> Records,
    IReadOnlyList<string> Remarks
);
