namespace PstoreLab.Records;

/// <summary>
/// Puts the files of one directory, or the records of one store, together to dumps, whatever their order. Nothing in a
/// store says which pieces belong together, so it is told from what each backend makes of its ids.
/// </summary>
public static class Reassembly
{
    /// <summary>
    /// The longest that passes between one part and the next of an EFI dump, in seconds. Each part has the time of its
    /// own writing, and flash is slow now and then; two crashes have a boot between them, of which none with EFI is
    /// this fast.
    /// </summary>
    private const ulong LongestPause = 5;

    /// <summary>Of an EFI dump that lost parts, so many go by in a second at the least.</summary>
    private const uint SlowestPace = 4;

    /// <summary>
    /// The dumps of a listing, by backend and the id of the newest piece. A piece without a header is a dump of its
    /// own; records of other types than dmesg, which come whole, are left out. What is there twice, alike in all,
    /// counts once; a piece that differs from another of its id and header is a dump of its own.
    /// </summary>
    public static IReadOnlyList<Dump> Assemble(IEnumerable<DumpPart> parts)
    {
        var all = parts.Where(part => part.Name.Type == RecordType.Dmesg).Distinct().ToList();
        // Two dumps of one second have their EFI ids mixed, so reason and count come before the id.
        var dumps = all.Where(part => part.Header is not null)
            .GroupBy(part => (part.Name.Backend, part.Header!.Reason, part.Header.Count))
            .SelectMany(group => Split(group.Key.Backend, group))
            .Concat(all.Where(part => part.Header is null).Select(part => (List<DumpPart>)[part]));
        return
        [
            .. dumps
                .Select(pieces => new Dump(pieces))
                .OrderBy(dump => dump.Backend, StringComparer.Ordinal)
                .ThenBy(dump => dump.Parts[0].Name.Id),
        ];
    }

    private static IEnumerable<List<DumpPart>> Split(string backend, IEnumerable<DumpPart> sameHeader) =>
        backend switch
        {
            // A zone holds the first part of a dump and nothing else of it (ramoops_pstore_write in ram.c,
            // psz_kmsg_write in zone.c).
            "ramoops" or "pstore_blk" => sameHeader.Select(part => (List<DumpPart>)[part]),
            "erst" => sameHeader.GroupBy(part => unchecked(part.Name.Id - part.Header!.Part)).SelectMany(ByPart),
            "efi" or "efi_pstore" => ByTime(sameHeader),
            _ => ByPart(sameHeader.OrderBy(part => part.Name.Id), inOrder: true),
        };

    /// <summary>
    /// By rising part: in ERST the ids of a boot count up by one a part (<c>cper_next_record_id</c>), so that id − part
    /// is one for all of a dump.
    /// </summary>
    private static IEnumerable<List<DumpPart>> ByPart(IEnumerable<DumpPart> oneDump) =>
        ByPart(oneDump.OrderBy(part => part.Header!.Part), inOrder: false);

    /// <param name="inOrder">A part that is not higher than the one before begins a dump; otherwise it is one by
    /// itself.</param>
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
    /// A part of an EFI dump continues the one that was written last before it, if that was not too long ago.
    /// </summary>
    private static List<List<DumpPart>> ByTime(IEnumerable<DumpPart> parts)
    {
        var dumps = new List<List<DumpPart>>();
        // What ends a dump so far, in the order of time and part, in which the parts come too.
        var ends = new List<(ulong Seconds, uint Part, List<DumpPart> Dump)>();
        foreach (
            var (part, seconds) in parts
                .Select(part => (Part: part, Seconds: SecondsOf(part)))
                .OrderBy(timed => timed.Seconds)
                .ThenBy(timed => timed.Part.Header!.Part)
        )
        {
            uint number = part.Header!.Part;
            int newest = ends.FindLastIndex(end =>
                end.Part < number && seconds - end.Seconds <= LongestPause + ((number - end.Part - 1) / SlowestPace)
            );
            var dump = newest < 0 ? [] : ends[newest].Dump;
            if (newest < 0)
                dumps.Add(dump);
            else
                ends.RemoveAt(newest);
            dump.Add(part);
            // Of two with the same part and time, which can only be copies, the first goes on.
            if (ends is not [.., var last] || (last.Seconds, last.Part) != (seconds, number))
                ends.Add((seconds, number, dump));
        }

        return dumps;
    }

    /// <summary>
    /// When an EFI part was written, in seconds since 1970: the id is (time · 100 + part) · 1000 + count
    /// (<c>generic_id</c> in drivers/firmware/efi/efi-pstore.c, 5.10 to 7.2), so that part 100 and later carry into the
    /// time and a count of 1000 into the part, and both have to be taken out first. The oldest names have no count.
    /// </summary>
    private static ulong SecondsOf(DumpPart part)
    {
        ulong count = (ulong)Math.Max(0, part.Header!.Count);
        ulong id = part.Name.Id % 1000 == count % 1000 && part.Name.Id >= count ? part.Name.Id - count : part.Name.Id;
        ulong timeAndPart = id / 1000;
        return timeAndPart < part.Header.Part ? 0 : (timeAndPart - part.Header.Part) / 100;
    }
}
