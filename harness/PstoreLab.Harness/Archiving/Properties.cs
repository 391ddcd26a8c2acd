using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>Which properties a record set can show, and which of them an archiver failed to have.</summary>
internal static class Properties
{
    /// <summary>Whether there is anything in a set by which the property could be seen to fail.</summary>
    public static bool IsShownBy(this ArchiveProperty property, ArchivedSet archived) =>
        property switch
        {
            ArchiveProperty.Reassembled or ArchiveProperty.NotSplit or ArchiveProperty.InOrder =>
                archived.Comparison.Dumps.Any(dump => dump.NeedsReassembly),
            ArchiveProperty.NotMerged => archived.Comparison.Dumps.Count > 1,
            ArchiveProperty.NotRepeated => archived.Set.Rounds.Count > 1 && archived.Comparison.Dumps.Count > 0,
            ArchiveProperty.TextUnaltered => archived.Comparison.Texts.Count > 0,
            ArchiveProperty.StoreFreed => archived.Set.Unlink && archived.Comparison.Originals.Count > 0,
            ArchiveProperty.StoreKept => !archived.Set.Unlink,
            ArchiveProperty.ForeignKept => archived.Set.Foreign.Count > 0,
            ArchiveProperty.NoComplaint => true,
            ArchiveProperty.AsExpected => archived.Set.Expected is not null,
            _ => archived.Comparison.Originals.Count > 0,
        };

    public static IEnumerable<ArchiverFault> FaultsOf(ArchivedSet archived) =>
        [
            .. OfExpected(archived),
            .. archived
                .Comparison.Findings.Where(finding => !IsExpected(finding, archived))
                .Select(finding => new ArchiverFault(PropertyOf(finding.Fault), finding.Text, finding)),
            .. OfStore(archived),
            .. OfForeign(archived),
            .. OfMessages(archived),
        ];

    /// <summary>Whether the expected archive has the very same fault; modes are no part of it.</summary>
    private static bool IsExpected(ArchiveFinding finding, ArchivedSet archived) =>
        finding.Fault != ArchiveFault.TooPermissive && archived.ExpectedFaults.Contains(finding.Text);

    private static IEnumerable<ArchiverFault> OfExpected(ArchivedSet archived)
    {
        if (archived.Set.Expected is not { } expected)
            yield break;
        var found = archived.Archive.ToDictionary(file => file.Path);
        foreach (var wanted in expected)
        {
            if (!found.Remove(wanted.Path, out var file))
                yield return Expected($"{wanted.Path} is not in the archive, and is expected");
            else if (
                wanted.Content.Span.CommonPrefixLength(file.Content.Span) is var same
                && (same < wanted.Content.Length || same < file.Content.Length)
            )
                yield return Expected($"{wanted.Path} differs from the expected one from byte {same} on");
        }

        foreach (string path in found.Keys)
            yield return Expected($"{path} is in the archive, and is not expected");

        static ArchiverFault Expected(string text) => new(ArchiveProperty.AsExpected, text);
    }

    private static ArchiveProperty PropertyOf(ArchiveFault fault) =>
        fault switch
        {
            ArchiveFault.Lost => ArchiveProperty.NothingLost,
            ArchiveFault.Overwritten or ArchiveFault.TextOnly or ArchiveFault.Duplicated or ArchiveFault.Unaccounted =>
                ArchiveProperty.RecordsKept,
            ArchiveFault.NotReassembled or ArchiveFault.Incomplete => ArchiveProperty.Reassembled,
            ArchiveFault.Split => ArchiveProperty.NotSplit,
            ArchiveFault.Merged or ArchiveFault.Interleaved => ArchiveProperty.NotMerged,
            ArchiveFault.OutOfOrder => ArchiveProperty.InOrder,
            ArchiveFault.Altered => ArchiveProperty.TextUnaltered,
            ArchiveFault.Repeated => ArchiveProperty.NotRepeated,
            _ => ArchiveProperty.ModesClosed,
        };

    private static IEnumerable<ArchiverFault> OfStore(ArchivedSet archived)
    {
        foreach (var (listing, left) in archived.Set.Rounds.Zip(archived.Left))
        {
            if (archived.Set.Unlink && left.Count > 0)
                yield return new ArchiverFault(
                    ArchiveProperty.StoreFreed,
                    $"{left.Count} of {listing.Count} records are left in the store, {left[0].Name} among them"
                );
            if (!archived.Set.Unlink && !listing.ToHashSet().SetEquals(left))
                yield return new ArchiverFault(
                    ArchiveProperty.StoreKept,
                    $"of {listing.Count} records {listing.Except(left).Count()} are not in the store as they were"
                );
        }
    }

    private static IEnumerable<ArchiverFault> OfForeign(ArchivedSet archived) =>
        from foreign in archived.Set.Foreign
        let now = archived.Archive.FirstOrDefault(file => file.Path == foreign.Path)
        where now is null || now.Mode != foreign.Mode || !now.Content.Span.SequenceEqual(foreign.Content.Span)
        select new ArchiverFault(
            ArchiveProperty.ForeignKept,
            $"{foreign.Path} is {(now is null ? "not there any more" : "not as it was")}"
        );

    private static IEnumerable<ArchiverFault> OfMessages(ArchivedSet archived) =>
        from exit in archived.Exits
        where exit.Code != 0 || exit.Messages.Count > 0
        select new ArchiverFault(
            ArchiveProperty.NoComplaint,
            exit.Messages.Count > 0 ? exit.Messages[0] : $"it ended with {exit.Code}"
        );
}
