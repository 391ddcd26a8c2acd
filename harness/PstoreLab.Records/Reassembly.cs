namespace PstoreLab.Records;

/// <summary>
/// Assembles the files of <c>/sys/fs/pstore</c>, or the records of one store, into dumps. No store says which parts
/// belong together: the ids show it, and each backend makes its own.
/// </summary>
public static class Reassembly
{
    /// <summary>
    /// The longest pause between two parts of an EFI dump, in seconds. Each part has the time of its own writing, and
    /// flash is slow at times. Two crashes have a boot between them, and no boot with EFI is this fast.
    /// </summary>
    private const ulong MaxPause = 5;

    /// <summary>Parts a second that an EFI dump is taken to be written with, where parts are missing.</summary>
    private const uint MinPartsPerSecond = 4;

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
        backend switch
        {
            // A zone holds part 1 of a dump alone (ramoops_pstore_write in ram.c, psz_kmsg_write in zone.c).
            "ramoops" or "pstore_blk" => sameHeader.Select(part => (List<DumpPart>)[part]),
            "erst" => sameHeader.GroupBy(part => unchecked(part.Name.Id - part.Header!.Part)).SelectMany(ByPart),
            "efi" or "efi_pstore" => ByTime(sameHeader),
            _ => ByPart(sameHeader.OrderBy(part => part.Name.Id), inOrder: true),
        };

    /// <summary>
    /// By ascending part. ERST counts the ids of a boot up by one a part (<c>cper_next_record_id</c> in
    /// drivers/firmware/efi/cper.c): id − part is the same for all parts of a dump.
    /// </summary>
    private static IEnumerable<List<DumpPart>> ByPart(IEnumerable<DumpPart> oneDump) =>
        ByPart(oneDump.OrderBy(part => part.Header!.Part), inOrder: false);

    /// <param name="parts">In the order of the dump.</param>
    /// <param name="inOrder">Whether a part that is not higher than the one before begins the next dump; otherwise it
    /// makes a dump of its own.</param>
    private static IEnumerable<List<DumpPart>> ByPart(IEnumerable<DumpPart> parts, bool inOrder)
    {
        var dump = new List<DumpPart>();
        foreach (var part in parts)
        {
            if (dump.Count > 0 && part.Header!.Part <= dump[^1].Header!.Part)
            {
                if (!inOrder)
                {
                    yield return [part];
                    continue;
                }

                yield return dump;
                dump = [];
            }

            dump.Add(part);
        }

        yield return dump;
    }

    /// <summary>
    /// A part of an EFI dump continues the last lower part that was written before it, unless the pause is too long.
    /// </summary>
    private static List<List<DumpPart>> ByTime(IEnumerable<DumpPart> parts)
    {
        var dumps = new List<List<DumpPart>>();
        // The end of each dump so far, in the order of time and part.
        var ends = new List<(ulong Seconds, uint Part, List<DumpPart> Dump)>();
        foreach (
            var (part, seconds) in parts
                .Select(part => (Part: part, Seconds: SecondsOf(part)))
                .OrderBy(timed => timed.Seconds)
                .ThenBy(timed => timed.Part.Header!.Part)
        )
        {
            uint number = part.Header!.Part;
            int previous = ends.FindLastIndex(end =>
                end.Part < number && seconds - end.Seconds <= MaxPause + ((number - end.Part - 1) / MinPartsPerSecond)
            );
            var dump = previous < 0 ? [] : ends[previous].Dump;
            if (previous < 0)
                dumps.Add(dump);
            else
                ends.RemoveAt(previous);
            dump.Add(part);
            // Two ends with the same part and time can only be copies: the first is continued.
            if (ends is not [.., var last] || (last.Seconds, last.Part) != (seconds, number))
                ends.Add((seconds, number, dump));
        }

        return dumps;
    }

    /// <summary>
    /// The time of writing of an EFI part, in seconds since 1970. The id is (time · 100 + part) · 1000 + count
    /// (<c>generic_id</c> in drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2): part 100 carries into the time, and a
    /// count of 1000 into the part. So both are subtracted first. Names of kernels before 3.10 have no count.
    /// </summary>
    private static ulong SecondsOf(DumpPart part)
    {
        ulong count = (ulong)Math.Max(0, part.Header!.Count);
        ulong id = part.Name.Id % 1000 == count % 1000 && part.Name.Id >= count ? part.Name.Id - count : part.Name.Id;
        ulong timeAndPart = id / 1000;
        return timeAndPart < part.Header.Part ? 0 : (timeAndPart - part.Header.Part) / 100;
    }
}
