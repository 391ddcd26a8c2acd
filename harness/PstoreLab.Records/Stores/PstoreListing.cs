using PstoreLab.Records.Blk;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Ramoops;

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
    // "efi: pstore: Follow convention for the efi-pstore backend name" (893c5f1de620), and the parameter record_size
    // beside it.
    private static readonly Version EfiPstore = new(6, 2);

    // 5.10 lists variables from a copy, the last one first. 6.1 lists them as firmware does, and ends at the first
    // unreadable one.
    private static readonly Version EfiReadsFirmware = new(6, 1);

    private static readonly Version EccPrefix = new(6, 1);

    private const int EfiRecordSize = 1024;

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
        var buffer = BufferSize(store, reader);
        foreach (var record in InReadingOrder(store, reader))
        {
            if (record.EndsListing)
                break;
            if (record.State != RecordState.Live)
                continue;
            if (IsFtraceZone(record, store))
            {
                // The first one makes the kernel read all of them.
                var entries = FtraceLog.Merge(
                    store
                        .Records.Where(zone => zone.State == RecordState.Live && IsFtraceZone(zone, store))
                        .Select(zone => zone.Payload)
                );
                if (entries.Count > 0)
                    files[new RecordName(RecordType.Ftrace, Backend(store, reader), 0).ToString()] = RecordText.ToBytes(
                        FtraceLog.ToText(entries)
                    );
                continue;
            }
            if (store.Kind == StoreKind.Efi && record.Payload.Length > buffer)
            {
                // 5.10 shows stale memory in its place; later kernels get an error.
                if (reader < EfiReadsFirmware)
                    continue;
                break;
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

            byte[] file = [.. BlkCount(store, record), .. content.Span, .. EccText(record, reader)];
            if (record.Payload.IsEmpty && BlkCount(store, record).Length == 0)
                break;
            if (taken.Add((record.Name.Type, record.Name.Id)))
                files[new RecordName(record.Name.Type, Backend(store, reader), record.Name.Id, compressed).ToString()] =
                    file;
        }
        return files;
    }

    // ramoops and pstore_blk merge all ftrace zones into one file.
    private static bool IsFtraceZone(StoredRecord record, DecodedStore store) =>
        record.Name.Type == RecordType.Ftrace && store.Kind is (StoreKind.Ramoops or StoreKind.PstoreBlk);

    private static string Backend(DecodedStore store, Version reader) =>
        store.Kind switch
        {
            StoreKind.Ramoops => "ramoops",
            StoreKind.Erst => ErstDecoder.Backend,
            StoreKind.Efi => reader < EfiPstore ? "efi" : "efi_pstore",
            _ => BlkDecoder.Backend,
        };

    private static IEnumerable<StoredRecord> InReadingOrder(DecodedStore store, Version reader) =>
        store.Kind switch
        {
            StoreKind.Ramoops => store.Records.OrderBy(record => Array.IndexOf(RamoopsOrder, record.Name.Type)),
            // Rings are read from the device before anything is listed; an error there ends all.
            StoreKind.PstoreBlk => store.Records.Any(record =>
                record.EndsListing && record.Name.Type != RecordType.Dmesg
            )
                ? []
                : store.Records.OrderBy(record => Array.IndexOf(BlkOrder, record.Name.Type)),
            StoreKind.Efi when reader < EfiReadsFirmware => store
                .Records.Reverse()
                .Where(record => !record.EndsListing),
            _ => store.Records,
        };

    // ramoops_pstore_read, fs/pstore/ram.c; psz_read_next_zone, fs/pstore/zone.c.
    private static readonly string[] RamoopsOrder =
    [
        RecordType.Dmesg,
        RecordType.Console,
        RecordType.Pmsg,
        RecordType.Ftrace,
    ];
    private static readonly string[] BlkOrder =
    [
        RecordType.Dmesg,
        RecordType.Ftrace,
        RecordType.Pmsg,
        RecordType.Console,
    ];

    /// <summary><c>psinfo->bufsize</c>, in bytes; null where the options do not determine it.</summary>
    private static long? BufferSize(DecodedStore store, Version reader) =>
        store.Kind switch
        {
            StoreKind.Erst => store.Options.Number(ErstFormat.RecordSizeParameter) - CperRecord.PrefixLength,
            StoreKind.Efi => reader < EfiPstore
                ? EfiRecordSize
                : Math.Max(EfiRecordSize, store.Options.Number("efi_pstore.record_size") ?? EfiRecordSize),
            StoreKind.PstoreBlk => BlkLayout
                .From(store.Options, store.Length / 4096 * 4096)
                .Of(RecordType.Dmesg)
                .FirstOrDefault()
                is { Length: > 0 } zone
                ? zone.Length - BlkHeader.Length - BlkKmsgHeader.Length
                : null,
            _ => RamoopsLayout.From(store.Options, store.Length) is var layout
            && layout.Zones.FirstOrDefault(zone => zone.Type == RecordType.Dmesg) is { Size: > 0 } zone
                ? ZoneGeometry.Of(zone.Size, layout.ParitySize)?.DataSize
                : null,
        };

    // psz_kmsg_read, fs/pstore/zone.c: not for a record that is stored compressed, even if decompression fails.
    private static byte[] BlkCount(DecodedStore store, StoredRecord record) =>
        store.Kind == StoreKind.PstoreBlk && record.Name.Type == RecordType.Dmesg && !record.MarkedCompressed
            ? RecordText.ToBytes($"{record.AsRecordToWrite.Reason}: Total {record.AsRecordToWrite.Count} times\n")
            : [];

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
