using PstoreLab.Records.Stores;

namespace PstoreLab.Records;

/// <summary>
/// Assembles the files of <c>/sys/fs/pstore</c>, or the records of one store, into dumps. No store says which parts
/// belong together: the ids show it, and each backend makes its own.
/// </summary>
public static class Reassembly
{
    /// <summary>
    /// Assembles the dumps of a listing. A part without a header makes a dump of its own, and so does a part that
    /// differs from another of its id and header. Identical parts count once. Records of other types than dmesg have no
    /// parts and are left out.
    /// </summary>
    /// <param name="parts">Parts of one directory or store, in any order.</param>
    /// <returns>The dumps, by backend and then by the id of their lowest part.</returns>
    public static IReadOnlyList<Dump> Assemble(IEnumerable<DumpPart> parts)
    {
        var all = parts.Where(part => part.Name.Type == RecordType.Dmesg).Distinct().ToList();
        // Reason and count come before the id: two dumps of one second have interleaved EFI ids.
        var dumps = all.Where(part => part.Header is not null)
            .GroupBy(part => (part.Name.Backend, part.Header!.Reason, part.Header.Count))
            .SelectMany(group => Split(group.Key.Backend, group))
            .Concat(all.Where(part => part.Header is null).Select(part => (List<DumpPart>)[part]));
        return
        [
            .. dumps
                .Select(group => new Dump(group))
                .OrderBy(dump => dump.Backend, StringComparer.Ordinal)
                .ThenBy(dump => dump.Parts[0].Name.Id),
        ];
    }

    private static IEnumerable<List<DumpPart>> Split(string backend, IEnumerable<DumpPart> sameHeader) =>
        StoreFormats.All.FirstOrDefault(format => format.Listing.Backends.Contains(backend)) is { } format
            ? format.Listing.Dumps(sameHeader)
            : ById(sameHeader);

    /// <summary>Of an unknown backend: a part that is not higher than the one before begins the next dump.</summary>
    private static IEnumerable<List<DumpPart>> ById(IEnumerable<DumpPart> parts)
    {
        var dump = new List<DumpPart>();
        foreach (var part in parts.OrderBy(part => part.Name.Id))
        {
            if (dump.Count > 0 && part.Header!.Part <= dump[^1].Header!.Part)
            {
                yield return dump;
                dump = [];
            }
            dump.Add(part);
        }
        yield return dump;
    }
}
