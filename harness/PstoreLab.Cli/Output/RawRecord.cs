using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// One record's text, uncompressed, and nothing else: its very bytes into a file or a pipe, made harmless on a
/// terminal.
/// </summary>
internal static class RawRecord
{
    /// <param name="wanted">The name of its file, or its place.</param>
    /// <exception cref="UsageException">There is no such record, or more than one store has it.</exception>
    public static void Print(IReadOnlyList<FoundStore> stores, string wanted)
    {
        var holders = stores.Where(found => Matches(found.Store, wanted).Any()).ToList();
        if (holders.Count > 1)
            throw new UsageException(
                $"there is a record '{wanted}' in {holders.Count} areas; say which with --offset "
                    + $"{string.Join(" or ", holders.Select(found => $"0x{found.Offset:x}"))}"
            );
        // An erased record may have the name of a live one.
        var record =
            holders
                .SelectMany(found => Matches(found.Store, wanted))
                .OrderBy(record => record.State == RecordState.Live ? 0 : 1)
                .FirstOrDefault()
            ?? throw new UsageException(
                stores.All(found => found.Store.Records.Count == 0)
                    ? $"there is no record '{wanted}'; the store is empty"
                    : NoSuch(
                        wanted,
                        stores.SelectMany(found => found.Store.Records).Select(record => record.Name.ToString())
                    )
            );
        Print(wanted, record.Decompressed);
    }

    /// <param name="wanted">The name of the file, with or without <c>.enc.z</c>, or its whole path as it was
    /// given.</param>
    /// <exception cref="UsageException">There is no such file among them, or more than one.</exception>
    public static void Print(IReadOnlyList<RecordFile> files, string wanted)
    {
        var found = files
            .Where(file =>
                file.Path == wanted
                || Path.GetFileName(file.Path) == wanted
                || (file.Name with { Compressed = false }).ToString() == wanted
            )
            .ToList();
        if (found.Count > 1)
            throw new UsageException(
                $"there are {found.Count} records '{wanted}'; say which: "
                    + $"{string.Join(" or ", found.Select(file => file.Path))}"
            );
        Print(
            wanted,
            found.Count == 1
                ? found[0].Decompressed
                : throw new UsageException(NoSuch(wanted, files.Select(file => Path.GetFileName(file.Path))))
        );
    }

    private static void Print(string wanted, DecompressedPayload unpacked)
    {
        if (unpacked.Fault is { } fault)
            Terminal.Error($"{wanted} is not whole: {fault}");
        Terminal.Exactly(unpacked.Bytes.Span, () => RecordText.ForDisplay(RecordText.FromBytes(unpacked.Bytes.Span)));
    }

    private static string NoSuch(string wanted, IEnumerable<string> names) =>
        $"there is no record '{wanted}'; there are {string.Join(", ", names)}";

    private static IEnumerable<StoredRecord> Matches(DecodedStore store, string wanted) =>
        store.Records.Where(record => record.Name.ToString() == wanted || record.Place == wanted);
}
