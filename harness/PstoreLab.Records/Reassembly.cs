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
    public static IReadOnlyList<Dump> Assemble(IEnumerable<DumpPart> parts) => Assemble(parts, byName: false);

    /// <summary>
    /// Assembles the dumps of a listing, and finds the places of parts without a header by their names: EFI ids have
    /// the time, the part and the count in them, and ERST counts its ids up. A part that fits nowhere, or of another
    /// backend, makes a dump of its own.
    /// </summary>
    /// <param name="parts">Parts of one directory or store, in any order.</param>
    /// <returns>The dumps, by backend and then by the id of their lowest part.</returns>
    public static IReadOnlyList<Dump> AssembleByName(IEnumerable<DumpPart> parts) => Assemble(parts, byName: true);

    private static IReadOnlyList<Dump> Assemble(IEnumerable<DumpPart> parts, bool byName)
    {
        var all = parts.Where(part => part.Name.Type == RecordType.Dmesg).Distinct().ToList();
        // Reason and count come before the id: two dumps of one second have interleaved EFI ids.
        var dumps = all.Where(part => part.Header is not null)
            .GroupBy(part => (part.Name.Backend, part.Header!.Reason, part.Header.Count))
            .SelectMany(group => Split(group.Key.Backend, group))
            .ToList();
        foreach (var part in all.Where(part => part.Header is null).OrderBy(part => part.Name.Id))
        {
            if (!byName || part.IsCompressed || !TryPlace(part, dumps))
                dumps.Add([part]);
        }
        return
        [
            .. dumps
                .Select(group => new Dump(group))
                .OrderBy(dump => dump.Backend, StringComparer.Ordinal)
                .ThenBy(dump => dump.Parts[0].Name.Id),
        ];
    }

    private static IEnumerable<List<DumpPart>> Split(string backend, IEnumerable<DumpPart> sameHeader) =>
        FormatOf(backend) is { } format ? format.Listing.Dumps(sameHeader) : ById(sameHeader);

    private static bool TryPlace(DumpPart part, List<List<DumpPart>> dumps)
    {
        if (FormatOf(part.Name.Backend)?.Listing is not { } listing)
            return false;
        var same = dumps.Where(dump => dump[0].Name.Backend == part.Name.Backend);
        if (listing.PlaceByName(part.Name, same) is not var (dump, number))
            return false;
        var placed = part with { PartByName = number };
        if (dump is null)
            dumps.Add([placed]);
        else
            dump.Insert(dump.Count(other => other.Number < number), placed);
        return true;
    }

    private static IStoreFormat? FormatOf(string backend) =>
        StoreFormats.All.FirstOrDefault(format => format.Listing.Backends.Contains(backend));

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
