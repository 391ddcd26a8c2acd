namespace PstoreLab.Records.Archive;

/// <summary>
/// Compares an archive of systemd-pstore (<c>/var/lib/systemd/pstore</c>) with the ideal one: every record is kept
/// unchanged, and every dump of several parts has a <c>dmesg.txt</c> of its own, the highest part first.
/// <see cref="Reassembly"/> assigns the parts to dumps, not the rules of any systemd.
/// </summary>
public sealed class ArchiveComparison
{
    // systemd-pstore copies records for root alone, and lets the group read the texts it assembles, in every release:
    // open_tmpfile_linkable and open with 0640 in src/pstore/pstore.c.
    private const UnixFileMode RecordMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode TextMode = RecordMode | UnixFileMode.GroupRead;

    private ArchiveComparison(IReadOnlyList<ArchivedFile> files, IReadOnlyList<ListedRecord>? originals)
    {
        Records =
        [
            .. files
                .Where(file => IsRecord(file))
                .Select(file => new ArchivedRecord(
                    file.Path,
                    new ListedRecord(RecordName.Parse(file.Name), file.Content.Span)
                )),
        ];
        Foreign = [.. files.Where(file => !file.IsText && !IsRecord(file))];
        var archived = Records.Select(record => record.Record).Distinct().ToList();
        var dumpRecords = (originals ?? [])
            .Concat(archived)
            .Where(record => record.Name.Type == RecordType.Dmesg)
            .Distinct()
            .ToList();
        Texts =
        [
            .. files
                .Where(file => file.IsText)
                .Select(file => ArchivedText.Parse(file.Path, RecordText.FromBytes(file.Content.Span), dumpRecords)),
        ];
        var owners = new ChunkOwners(originals ?? archived);
        var owned = Texts.Select(owners.Of).ToList();
        var known = originals?.ToHashSet();
        Originals = known is null ? [] : [.. originals!.Distinct().Select(original => OutcomeOf(original, known))];
        Dumps = [.. owners.Dumps.Select((_, index) => DumpJudge.Judge(index, owners, Records, owned))];
        Findings =
        [
            .. Dumps.SelectMany(dump => dump.Findings),
            .. Originals.SelectMany(FindingsOf),
            .. known is null ? [] : UnaccountedRecords(known),
            .. owned.SelectMany(UnaccountedText),
            .. Duplicates(),
            .. TooPermissive(files),
        ];
    }

    /// <summary>The files with a name of a record.</summary>
    public IReadOnlyList<ArchivedRecord> Records { get; }

    /// <summary>Every <c>dmesg.txt</c>, split into chunks.</summary>
    public IReadOnlyList<ArchivedText> Texts { get; }

    /// <summary>All other files. systemd-pstore makes none, and must not touch them.</summary>
    public IReadOnlyList<ArchivedFile> Foreign { get; }

    /// <summary>
    /// The dumps of the originals, or of the archive itself where the originals are not known, each with its findings.
    /// </summary>
    public IReadOnlyList<ArchivedDump> Dumps { get; }

    /// <summary>The outcome of each original record; empty where the originals are not known.</summary>
    public IReadOnlyList<OriginalOutcome> Originals { get; }

    /// <summary>
    /// All faults, of dumps, of records and of file modes; empty for an ideal archive.
    /// </summary>
    public IReadOnlyList<ArchiveFinding> Findings { get; }

    /// <summary>Compares an archive. Any content is accepted.</summary>
    /// <param name="files">All files of the archive, in any order.</param>
    /// <param name="originals">
    /// All records that were archived so far, as <c>/sys/fs/pstore</c> showed them at each boot, in any order. Records
    /// that stayed in the store may be listed again. Null where they are not known: the archive's own record files take
    /// their place, and lost records remain unnoticed.
    /// </param>
    public static ArchiveComparison Compare(
        IEnumerable<ArchivedFile> files,
        IEnumerable<ListedRecord>? originals = null
    ) => new([.. files.OrderBy(file => file.Path, StringComparer.Ordinal)], originals?.ToList());

    private static bool IsRecord(ArchivedFile file) => RecordName.TryParse(file.Name, out _);

    private OriginalOutcome OutcomeOf(ListedRecord original, HashSet<ListedRecord> originals)
    {
        string[] texts =
        [
            .. Texts.Where(text => text.Chunks.Any(chunk => chunk.Record == original)).Select(text => text.Path),
        ];
        var same = Records.Where(record => record.Record.Name == original.Name).ToList();
        var kept = same.Where(record => record.Record == original).ToList();
        if (kept.Count > 0)
            return new OriginalOutcome(
                original,
                RecordOutcome.Kept,
                [.. kept.Select(record => record.Path)],
                texts,
                null
            );
        string[] paths = [.. same.Select(record => record.Path)];
        if (same.Count == 0)
            return new OriginalOutcome(original, RecordOutcome.Gone, paths, texts, null);
        return same.FirstOrDefault(record => !originals.Contains(record.Record)) is { } altered
            ? new OriginalOutcome(
                original,
                RecordOutcome.Altered,
                paths,
                texts,
                Likeness.FirstDifference(original.Content, altered.Record.Content)
            )
            : new OriginalOutcome(original, RecordOutcome.Overwritten, paths, texts, null);
    }

    private static IEnumerable<ArchiveFinding> FindingsOf(OriginalOutcome outcome)
    {
        var name = outcome.Original.Name;
        if (outcome.Outcome == RecordOutcome.Altered)
            yield return new ArchiveFinding(
                ArchiveFault.Altered,
                $"{outcome.Paths[0]} differs from the original {name} from byte {outcome.FirstDifference} on",
                [name],
                outcome.Paths
            );
        if (outcome.Outcome == RecordOutcome.Overwritten)
            yield return new ArchiveFinding(
                ArchiveFault.Overwritten,
                $"{outcome.Paths[0]} is another record of the same name, and replaced this one",
                [name],
                outcome.Paths
            );
        string earlier = outcome.Outcome == RecordOutcome.Overwritten ? ", the earlier one," : "";
        if (outcome.IsLost && outcome.Outcome != RecordOutcome.Altered)
            yield return new ArchiveFinding(ArchiveFault.Lost, $"{name}{earlier} is not in the archive", [name], []);
        if (outcome.Outcome == RecordOutcome.Gone && !outcome.IsLost)
            yield return new ArchiveFinding(
                ArchiveFault.TextOnly,
                $"{name} has no file of its own; its text is in {outcome.Texts[0]}",
                [name],
                outcome.Texts
            );
    }

    /// <summary>Record files that are neither an original record nor an altered one.</summary>
    private IEnumerable<ArchiveFinding> UnaccountedRecords(HashSet<ListedRecord> originals)
    {
        var altered = Originals
            .Where(outcome => outcome.Outcome == RecordOutcome.Altered)
            .Select(outcome => outcome.Original.Name)
            .ToHashSet();
        return Records
            .Where(record => !originals.Contains(record.Record) && !altered.Contains(record.Record.Name))
            .Select(record => new ArchiveFinding(
                ArchiveFault.Unaccounted,
                $"{record.Path} is none of the original records",
                [record.Record.Name],
                [record.Path]
            ));
    }

    private static IEnumerable<ArchiveFinding> UnaccountedText(OwnedText text) =>
        from pair in text.Text.Chunks.Zip(text.Owners)
        let chunk = pair.First
        where pair.Second is null
        select new ArchiveFinding(
            ArchiveFault.Unaccounted,
            $"{text.Text.Path} has {chunk.Content.Length} bytes at byte {chunk.Offset} that match no "
                + $"record{(chunk.Label is null ? "" : $", despite the label {chunk.Label}")}",
            chunk.Label is null ? [] : [chunk.Label],
            [text.Text.Path]
        );

    private IEnumerable<ArchiveFinding> Duplicates() =>
        Records
            .GroupBy(record => record.Record)
            .Where(copies => copies.Count() > 1)
            .Select(copies => new ArchiveFinding(
                ArchiveFault.Duplicated,
                $"{copies.Key.Name} is in the archive {copies.Count()} times",
                [copies.Key.Name],
                [.. copies.Select(copy => copy.Path)]
            ));

    private static IEnumerable<ArchiveFinding> TooPermissive(IEnumerable<ArchivedFile> files) =>
        from file in files
        let allowed = file.IsText ? TextMode
        : IsRecord(file) ? RecordMode
        : (UnixFileMode?)null
        where allowed is { } mode && (file.Mode & ~mode) != 0
        select new ArchiveFinding(
            ArchiveFault.TooPermissive,
            $"{file.Path} has mode {Octal(file.Mode)}, not {Octal(allowed.Value)}",
            [],
            [file.Path]
        );

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
