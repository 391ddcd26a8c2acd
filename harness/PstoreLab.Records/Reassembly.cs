namespace PstoreLab.Records;

/// <summary>
/// Puts the files of one directory together to dumps. Nothing in a store says which pieces belong together, so it is told from what each
/// backend makes of its ids.
/// </summary>
public static class Reassembly
{
    /// <summary>
    /// The longest that passes between one part and the next of an EFI dump, in seconds. Each part has the time of its own writing, and
    /// flash is slow; two crashes have a boot between them, of which none with EFI is this fast.
    /// </summary>
    private const ulong LongestPause = 5;

    /// <summary>
    /// The dumps of a listing, by backend and the id of the newest piece. A piece without a header is a dump of its own; records of other
    /// types than dmesg, which come whole, are left out.
    /// </summary>
    public static IReadOnlyList<Dump> Assemble(IEnumerable<DumpPart> parts)
    {
        var all = parts.Where(part => part.Name.Type == RecordType.Dmesg).ToList();
        // Two dumps of one second have their EFI ids mixed, so reason and count come before the id.
        var dumps = all.Where(part => part.Header is not null)
            .GroupBy(part => (part.Name.Backend, part.Header!.Reason, part.Header.Count))
            .SelectMany(group => Split(group.OrderBy(part => part.Name.Id)))
            .Concat(all.Where(part => part.Header is null).Select(part => new Dump([part])));
        return
        [
            .. dumps.OrderBy(dump => dump.Backend, StringComparer.Ordinal)
                .ThenBy(dump => dump.Parts[0].Name.Id),
        ];
    }

    private static IEnumerable<Dump> Split(IEnumerable<DumpPart> sameHeader)
    {
        var dump = new List<DumpPart>();
        foreach (var part in sameHeader)
        {
            if (dump.Count > 0 && !Continues(dump[^1], part))
            {
                yield return new Dump(dump);
                dump = [];
            }
            dump.Add(part);
        }
        yield return new Dump(dump);
    }

    private static bool Continues(DumpPart newer, DumpPart older)
    {
        if (older.Header!.Part <= newer.Header!.Part)
            return false;
        var parts = older.Header.Part - newer.Header.Part;
        return newer.Name.Backend switch
        {
            "erst" => older.Name.Id - newer.Name.Id == parts,
            "efi" or "efi_pstore" => SecondsOf(older) - SecondsOf(newer) <= LongestPause * parts,
            _ => true,
        };
    }

    /// <summary>
    /// When an EFI part was written, in seconds since 1970: the id is (time · 100 + part) · 1000 + count (<c>generic_id</c> in
    /// drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2), so that part 100 and later carry into the time and have to be taken out first.
    /// </summary>
    private static ulong SecondsOf(DumpPart part)
    {
        var timeAndPart = part.Name.Id / 1000;
        return timeAndPart < part.Header!.Part ? 0 : (timeAndPart - part.Header.Part) / 100;
    }
}
