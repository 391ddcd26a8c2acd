namespace PstoreLab.Records.Stores;

/// <summary>
/// Decoder and encoder of one kind of store. Implementations have no state, and <see cref="StoreFormats"/> lists them.
/// </summary>
public interface IStoreFormat
{
    /// <summary>Kind of the stores.</summary>
    StoreKind Kind { get; }

    /// <summary>Name of the kind on a command line, such as <c>pstore-blk</c>.</summary>
    string Name { get; }

    /// <summary>Types of the records in such a store, of <see cref="RecordType"/>.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>What a kernel makes of such a store.</summary>
    internal StoreListing Listing { get; }

    /// <summary>Whether an image looks like such a store, by its content.</summary>
    /// <param name="head">The first bytes of the image: at least 64 KiB, or all of it.</param>
    /// <param name="length">Length of the whole image, in bytes.</param>
    bool Recognises(ReadOnlySpan<byte> head, long length);

    /// <summary>Decodes a store: live records, and deleted ones as far as their bytes are still there.</summary>
    /// <param name="image">The whole store. Sizes in it are checked: none makes the decoder allocate more than a small
    /// multiple of the image, or <see cref="Compression.RecordCompression.MaxDecompressedLength"/> for a
    /// record.</param>
    /// <param name="options">Known parameters of the store; all others are inferred.</param>
    /// <exception cref="RecordFormatException">The image is no such store, or the options contradict it.</exception>
    DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options);

    /// <summary>
    /// Makes an empty store, as a kernel or a firmware leaves one. A store that they accept blank is all zeros.
    /// </summary>
    /// <param name="size">Size of the store, in bytes.</param>
    /// <param name="options">Parameters of the store; the kernel's defaults apply to all others.</param>
    /// <exception cref="RecordFormatException">No such store has this size or these options.</exception>
    byte[] CreateEmpty(long size, StoreOptions options);

    /// <summary>
    /// Writes a record as a kernel does, with parity, headers and index. An earlier record in its place is replaced.
    /// </summary>
    /// <param name="image">The whole store; it is changed in place.</param>
    /// <param name="options">Parameters of the store, as <see cref="DecodedStore.Options"/> has them.</param>
    /// <param name="record">The record.</param>
    /// <returns>False where the store has no room for the record; the image is unchanged then.</returns>
    /// <exception cref="RecordFormatException">The image is no such store, or no such store holds this
    /// record.</exception>
    bool Write(Span<byte> image, StoreOptions options, RecordToWrite record);
}
