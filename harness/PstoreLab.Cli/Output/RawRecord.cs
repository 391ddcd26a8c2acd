using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// One record's text, uncompressed, and nothing else: its very bytes into a file or a pipe, made harmless on a
/// terminal.
/// </summary>
internal static class RawRecord
{
    /// <param name="wanted">The name of its file, with or without <c>.enc.z</c>, or the end of its path; in a store
    /// its name or its place.</param>
    /// <returns>Whether the record is whole.</returns>
    /// <exception cref="UsageException">There is no such record, or more than one.</exception>
    public static bool Print(Findings findings, string wanted)
    {
        var files = findings.Records.Where(file => Matches(file, wanted)).ToList();
        var stores = findings
            .Stores.SelectMany(file => file.Stores.Select(found => (File: file, Found: found)))
            .Where(one => Matches(one, wanted).Any())
            .ToList();
        if (files.Count + stores.Count > 1)
            throw new UsageException(
                files.Count == 0 && findings.Stores is [_]
                    ? $"there is a record '{wanted}' in {stores.Count} areas; say which with --offset "
                        + $"{string.Join(" or ", stores.Select(one => $"0x{one.Found.Offset:x}"))}"
                    : $"there are {files.Count + stores.Count} records '{wanted}'; say which: "
                        + string.Join(
                            " or ",
                            files
                                .Select(file => file.Path)
                                .Concat(stores.Select(one => $"{one.File.Name}/{Matches(one, wanted).First().Name}"))
                        )
            );
        // An erased record may have the name of a live one.
        var record =
            files.Select(RecordContent.Of).FirstOrDefault()
            ?? stores
                .SelectMany(one => Matches(one, wanted))
                .OrderBy(record => record.State == RecordState.Live ? 0 : 1)
                .Select(RecordContent.Of)
                .FirstOrDefault();
        return Print(wanted, record ?? throw new UsageException(NoSuch(findings, wanted)));
    }

    private static bool Print(string wanted, RecordContent record)
    {
        if (record.Marks.Where is { } where)
            Terminal.Error($"{wanted} is damaged: {record.Unpacked.Fault ?? where}");
        Terminal.Exactly(
            record.Unpacked.Bytes.Span,
            () => RecordText.ForDisplay(RecordText.FromBytes(record.Unpacked.Bytes.Span))
        );
        return record.Marks.Where is null;
    }

    private static string NoSuch(Findings findings, string wanted)
    {
        var names = findings
            .Records.Select(file => Path.GetFileName(file.Path))
            .Concat(
                findings
                    .Stores.SelectMany(file => file.Stores)
                    .SelectMany(found => found.Store.Records)
                    .Select(record => record.Name.ToString())
            )
            .ToList();
        return names.Count == 0
            ? $"there is no record '{wanted}'; the store is empty"
            : $"there is no record '{wanted}'; there are {string.Join(", ", names)}";
    }

    private static bool Matches(RecordFile file, string wanted) =>
        file.Path == wanted
        || file.Path.EndsWith($"/{wanted}", StringComparison.Ordinal)
        || (file.Name with { Compressed = false }).ToString() == wanted;

    private static IEnumerable<StoredRecord> Matches((SearchedFile File, FoundStore Found) one, string wanted) =>
        one.Found.Store.Records.Where(record =>
            record.Name.ToString() == wanted || record.Place == wanted || wanted == $"{one.File.Name}/{record.Name}"
        );
}
