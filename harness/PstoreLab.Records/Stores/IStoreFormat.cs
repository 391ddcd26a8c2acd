namespace PstoreLab.Records.Stores;

/// <summary>
/// One kind of store, both ways. Stateless; an implementation and a line in <see cref="StoreFormats"/> are all a new
/// kind needs.
/// </summary>
public interface IStoreFormat
{
    StoreKind Kind { get; }

    /// <summary>Whether an image is one of these, told from its content.</summary>
    /// <param name="head">Its first bytes: at least 64 KiB of them, or all there are.</param>
    /// <param name="length">Of the whole image, in bytes.</param>
    bool Recognises(ReadOnlySpan<byte> head, long length);

    /// <summary>Reads everything in a store: live records, and deleted ones as far as they are still there.</summary>
    /// <param name="image">The whole store. Nothing in it is believed: no size found there makes anything allocate more
    /// than the image's own.</param>
    /// <exception cref="RecordFormatException">It is not such a store; or the options contradict it.</exception>
    DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options);

    /// <summary>
    /// Makes an empty store of this size, as a kernel or a firmware leaves one; zeros where that is what they find.
    /// </summary>
    /// <param name="size">In bytes.</param>
    /// <exception cref="RecordFormatException">No such store has this size or these options.</exception>
    byte[] CreateEmpty(long size, StoreOptions options);

    /// <summary>
    /// Writes a record the way a kernel would, parity, headers and index included; what lay there is replaced.
    /// </summary>
    /// <returns>False when there is no room for it.</returns>
    /// <exception cref="RecordFormatException">The image is no such store, or this record cannot be in one.</exception>
    bool Write(Span<byte> image, StoreOptions options, RecordToWrite record);
}
