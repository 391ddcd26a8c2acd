using PstoreLab.Records.Blk;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Ramoops;

namespace PstoreLab.Records.Stores;

/// <summary>
/// What a kernel shows of a store in <c>/sys/fs/pstore</c>, predicted from the store alone. Held against what kernels
/// really showed, it proves both.
/// </summary>
/// <remarks>
/// By <c>pstore_get_backend_records</c> and <c>decompress_record</c> (fs/pstore/platform.c), <c>pstore_mkfile</c>
/// (fs/pstore/inode.c) and the <c>read</c> of each backend, 5.10, 6.1, 6.12 and 7.2; a version between two of them is
/// taken for the older, with what is known to have changed.
/// </remarks>
public static class PstoreListing
{
    // "efi: pstore: Follow convention for the efi-pstore backend name" (893c5f1de620), and the parameter record_size
    // beside it.
    private static readonly Version EfiPstore = new(6, 2);

    // Variables were listed from a copy, the last first, in 5.10; in 6.1 as firmware gives them, and at the first that
    // cannot be read it is over.
    private static readonly Version EfiReadsFirmware = new(6, 1);

    private static readonly Version EccPrefix = new(6, 1);

    private const int EfiRecordSize = 1024;

    /// <summary>
    /// File name to content. The lines of an ftrace file lack the names of the functions, which a kernel makes of the
    /// addresses: each ends where the first name would begin.
    /// </summary>
    /// <param name="reader">The kernel that looks, as major.minor.</param>
    /// <param name="undoes">
    /// What the reader compresses with, which is all that it can undo; null where it was built without compression.
    /// From 6.6 on all but <see cref="CompressionMethod.None"/>, for <c>pstore.compress=none</c>, mean deflate.
    /// </param>
    /// <param name="kernelMessages">Gets what the kernel prints of each record that it cannot decompress.</param>
    /// <exception cref="NotSupportedException">The library that undoes it is not on this machine; names it.</exception>
    public static IReadOnlyDictionary<string, byte[]> Predict(
        DecodedStore store,
        Version reader,
        CompressionMethod? undoes = CompressionMethod.Deflate,
        ICollection<string>? kernelMessages = null
    )
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        // A type and an id make a file, so of two only the first is shown, compressed or not.
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
                // At the first of them all are read.
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
                // 5.10 shows what was in its memory in place of it; all others get an error.
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
                    undoes,
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

    // One file is made of all zones of ramoops or pstore_blk.
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
            // Rings are taken from the device before anything is listed; where that fails, all fails.
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

    /// <summary><c>psinfo->bufsize</c>, in bytes; null where the options do not tell.</summary>
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

    // psz_kmsg_read, fs/pstore/zone.c: not for a record that is stored compressed, whatever becomes of that.
    private static byte[] BlkCount(DecodedStore store, StoredRecord record) =>
        store.Kind == StoreKind.PstoreBlk && record.Name.Type == RecordType.Dmesg && !record.MarkedCompressed
            ? RecordText.ToBytes($"{record.AsRecordToWrite.Reason}: Total {record.AsRecordToWrite.Count} times\n")
            : [];

    // persistent_ram_ecc_string, fs/pstore/ram_core.c. It follows the text, and where that could not be had the
    // compressed bytes.
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
