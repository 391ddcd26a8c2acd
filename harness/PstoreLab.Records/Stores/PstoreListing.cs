using PstoreLab.Records.Compression;
using PstoreLab.Records.Ftrace;

namespace PstoreLab.Records.Stores;

/// <summary>
/// Predicts the listing of <c>/sys/fs/pstore</c>: the files that a given kernel shows of a store.
/// </summary>
/// <remarks>
/// It follows <c>pstore_get_backend_records</c> and <c>decompress_record</c> (fs/pstore/platform.c),
/// <c>pstore_mkfile</c> (fs/pstore/inode.c) and the <c>read</c> of each backend, of 5.10, 6.1, 6.12 and 7.2. A version
/// between two of them counts as the earlier one, except for known changes.
/// </remarks>
public static class PstoreListing
{
    private static readonly Version EccPrefix = new(6, 1);

    /// <summary>
    /// Predicts the files of one store. The lines of an ftrace file lack the names of functions, because a kernel makes
    /// them of its own addresses: each line ends before the first name.
    /// </summary>
    /// <param name="store">The decoded store.</param>
    /// <param name="reader">Version of the kernel that lists the store, as major.minor.</param>
    /// <param name="compression">
    /// The reader's own compression method, the only one it decompresses; null for a kernel built without compression.
    /// Since 6.6 every method means deflate, except <see cref="CompressionMethod.None"/> for
    /// <c>pstore.compress=none</c>.
    /// </param>
    /// <param name="kernelMessages">Receives the kernel message for each record that the reader cannot decompress,
    /// without the prefix <c>pstore: </c>.</param>
    /// <returns>Content by file name, in ordinal order of the names.</returns>
    /// <exception cref="NotSupportedException">The method needs a library, and it is not on this machine; the message
    /// names it.</exception>
    public static IReadOnlyDictionary<string, byte[]> Predict(
        DecodedStore store,
        Version reader,
        CompressionMethod? compression = CompressionMethod.Deflate,
        ICollection<string>? kernelMessages = null
    )
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        // Type and id make a file name: of two such records the first is shown alone, compressed or not.
        var taken = new HashSet<(string Type, ulong Id)>();
        var listing = StoreFormats.Get(store.Kind).Listing;
        string backend = listing.Backend(reader);
        long? buffer = listing.BufferSize(store, reader);
        foreach (var record in listing.InReadingOrder(store, reader))
        {
            if (record.EndsListing)
                break;
            if (record.State != RecordState.Live)
                continue;
            if (listing.MergesFtrace && record.Name.Type == RecordType.Ftrace)
            {
                // The first one makes the kernel read all of them.
                var entries = FtraceLog.Merge(
                    store
                        .Records.Where(zone => zone.State == RecordState.Live && zone.Name.Type == RecordType.Ftrace)
                        .Select(zone => zone.Calls)
                );
                if (entries.Count > 0)
                    files[new RecordName(RecordType.Ftrace, backend, 0).ToString()] = RecordText.ToBytes(
                        FtraceLog.ToText(entries)
                    );
                continue;
            }

            ReadOnlyMemory<byte> content = record.Payload;
            bool compressed = record.MarkedCompressed;
            if (compressed && record.Name.Type == RecordType.Dmesg)
            {
                compressed = !KernelDecompression.TryDecompress(
                    record.Payload,
                    reader,
                    buffer,
                    compression,
                    out content,
                    out string? kernelMessage
                );
                if (kernelMessage is not null)
                    kernelMessages?.Add(kernelMessage);
            }

            byte[] heading = RecordText.ToBytes(listing.Heading(record));
            byte[] file = [.. heading, .. content.Span, .. EccText(record, reader)];
            if (record.Payload.IsEmpty && heading.Length == 0)
                break;
            if (taken.Add((record.Name.Type, record.Name.Id)))
                files[new RecordName(record.Name.Type, backend, record.Name.Id, compressed).ToString()] = file;
        }
        return files;
    }

    // persistent_ram_ecc_string, fs/pstore/ram_core.c. It follows the text, or else the compressed bytes.
    private static byte[] EccText(StoredRecord record, Version reader)
    {
        if (record.Ecc is not { } ecc)
            return [];
        string prefix = reader < EccPrefix ? "\n" : "\nECC: ";
        return RecordText.ToBytes(
            ecc.CorrectedBytes == 0 && ecc.UnrecoverableBlocks == 0
                ? $"{prefix}No errors detected\n"
                : $"{prefix}{ecc.CorrectedBytes} Corrected bytes, {ecc.UnrecoverableBlocks} unrecoverable blocks\n"
        );
    }
}
