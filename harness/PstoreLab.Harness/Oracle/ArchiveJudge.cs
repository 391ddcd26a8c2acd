using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Compares what systemd-pstore made of the records with the expectation: the archive, the journal, and how its unit
/// ended.
/// </summary>
internal sealed class ArchiveJudge(RecordJudge records, ExpectedListings expectedListings)
{
    /// <summary>
    /// The fault that a dump kept in this form must show, and the faults that may come with it; no other may.
    /// </summary>
    private static readonly Dictionary<ArchiveForm, (ArchiveFault? Shown, ArchiveFault[] Along)> Forms = new()
    {
        [ArchiveForm.Whole] = (null, []),
        [ArchiveForm.Reassembled] = (null, []),
        [ArchiveForm.Files] = (null, [ArchiveFault.NotReassembled]),
        [ArchiveForm.Split] = (ArchiveFault.Split, []),
        [ArchiveForm.Merged] = (ArchiveFault.Merged, [ArchiveFault.Interleaved]),
        [ArchiveForm.Repeated] = (ArchiveFault.Repeated, []),
    };

    public IEnumerable<Finding> Judge(Inspection inspection, SystemdSnapshot systemd) =>
        [
            .. inspection.Expected.Archiver is { } outcome
                ? [Archiver(outcome, systemd.Unit, inspection.Source)]
                : (Finding[])[],
            .. inspection.Expected.Archive is { } archive ? Archive(archive, systemd.Archive, inspection) : [],
            .. inspection.Expected.Journal is { } journal
                ? records.Listing(journal, systemd.Journaled, RecordPlace.Journal, inspection)
                : [],
        ];

    private static Finding Archiver(ArchiverOutcome expected, IReadOnlyDictionary<string, string> unit, string source)
    {
        ArchiverOutcome? found = (
            unit.GetValueOrDefault("ActiveState"),
            unit.GetValueOrDefault("ConditionResult")
        ) switch
        {
            ("failed", _) => ArchiverOutcome.Failed,
            ("active", _) => ArchiverOutcome.Ran,
            ("inactive", "no") => ArchiverOutcome.Skipped,
            _ => null,
        };
        string state = string.Join(", ", unit.Select(property => $"{property.Key}={property.Value}"));
        string outcome = found is null ? "was not even tried" : EnumNames.Of(found);
        string instead = found == expected ? "" : $", expected {EnumNames.Of(expected)}";
        return new Finding(
            found == expected,
            "archive",
            $"systemd-pstore.service {outcome}{instead} ({state})",
            source
        );
    }

    private IEnumerable<Finding> Archive(
        IReadOnlyList<ExpectedArchive> expected,
        IReadOnlyList<RemoteFile> archive,
        Inspection inspection
    )
    {
        var comparison = ArchiveComparison.Compare(FilesOf(archive), Originals(inspection.Boot.Number));
        var unclaimed = Found(comparison).ToList();
        foreach (var wanted in expected)
        {
            var asRecord = new ExpectedRecord(
                wanted.Source,
                wanted.Type,
                wanted.Reason,
                wanted.Crash,
                Name: null,
                wanted.Content,
                Ecc: null
            );
            var left = unclaimed.Select(archived => archived.Record).ToList();
            if (records.Claim(left, asRecord, inspection.Boot.Number) is not { } found)
            {
                yield return new Finding(
                    false,
                    "archive",
                    $"no {wanted.Type} record of crash {wanted.Crash} in the archive{There(unclaimed)}",
                    wanted.Source.ToString()
                );
                continue;
            }

            var archived = unclaimed.First(one => ReferenceEquals(one.Record, found));
            unclaimed.Remove(archived);
            var place = RecordPlace.Archive with { InWords = $" in {archived.Where}" };
            yield return records.Content(found, asRecord, place, inspection.Boot.Number, FormFaults(archived, wanted));
        }

        if (expected.Count == 0 && unclaimed.Count == 0)
            yield return new Finding(true, "archive", "nothing in the archive, as expected", inspection.Source);
        foreach (var archived in unclaimed)
            yield return new Finding(
                false,
                "archive",
                $"a record nobody expected in {archived.Where}: "
                    + $"{archived.Record.Names}{records.Origin(archived.Record)}",
                inspection.Source
            );
        foreach (var file in comparison.Foreign)
            yield return new Finding(
                false,
                "archive",
                $"a file in the archive that is no record: {file.Path}",
                inspection.Source
            );
        foreach (
            var fault in comparison
                .Findings.Except(comparison.Dumps.SelectMany(dump => dump.Findings))
                .Where(finding =>
                    finding.Fault
                        is ArchiveFault.TooPermissive
                            or ArchiveFault.Unaccounted
                            or ArchiveFault.Duplicated
                            or ArchiveFault.Altered
                            or ArchiveFault.TextOnly
                )
        )
            yield return new Finding(false, "archive", fault.Text, inspection.Source);
        foreach (var file in archive.Where(file => file.Owner != (0, 0)))
            yield return new Finding(
                false,
                "archive",
                $"{file.Path} belongs to {file.Owner.User}:{file.Owner.Group}, not to root",
                inspection.Source
            );
    }

    /// <summary>
    /// All that any boot so far can have archived; null where that is not known, and the archive then stands for
    /// itself.
    /// </summary>
    private IReadOnlyList<ListedRecord>? Originals(BootNumber boot)
    {
        var listings = Enumerable
            .Range(1, boot.Value)
            .Select(before => expectedListings.ListingOf(new BootNumber(before)))
            .ToList();
        return listings.Contains(null)
            ? null
            : [.. listings.SelectMany(listing => ListedRecord.FromListing(listing!)).Distinct()];
    }

    private static IEnumerable<ArchivedFile> FilesOf(IEnumerable<RemoteFile> archive) =>
        archive
            .Where(file => file.Kind == RemoteFileKind.File)
            .Select(file => new ArchivedFile(file.Path, file.Content, file.Mode));

    private static IEnumerable<Archived> Found(ArchiveComparison comparison)
    {
        // What was there once and is no more is not found.
        foreach (var dump in comparison.Dumps.Where(dump => dump.Files.Count + dump.Texts.Count > 0))
            yield return new Archived(FoundRecord.Of(dump.Dump), dump, dump.Files);
        foreach (var record in comparison.Records.Where(record => record.Record.Name.Type != RecordType.Dmesg))
        {
            var files = new Dictionary<string, byte[]>
            {
                [record.Record.Name.ToString()] = RecordText.ToBytes(record.Record.Content),
            };
            yield return new Archived(FoundRecord.In(files, out _)[0], null, [record.Path]);
        }
    }

    private static IEnumerable<string> FormFaults(Archived archived, ExpectedArchive wanted)
    {
        if (
            wanted.Path is { } path
            && !archived.WholeIn.Any(file => FileSystemName.MatchesSimpleExpression(path, file, ignoreCase: false))
        )
            yield return $"it is in {string.Join(" and ", archived.WholeIn)}, not in {path}";
        if (archived.Dump is not { } dump)
            yield break;
        var (shown, along) = Forms[wanted.Form];
        if (wanted.Form == ArchiveForm.Reassembled && dump.Texts.Count == 0)
            yield return $"it is in no {ArchivedFile.TextName}";
        if (wanted.Form == ArchiveForm.Files && dump.Texts.Count > 0)
            yield return $"it is in {string.Join(" and ", dump.Texts)}, not only as its files";
        string[] unfiled = [.. dump.Dump.Parts.Select(part => part.Name.ToString()).Except(dump.Files.Select(NameOf))];
        if (wanted.Form == ArchiveForm.Files && unfiled.Length > 0)
            yield return $"{unfiled.Length} of its {dump.Dump.Parts.Count} parts have no file: "
                + string.Join(", ", unfiled);
        if (shown is { } fault && dump.Findings.All(finding => finding.Fault != fault))
            yield return $"it is not {EnumNames.Of(wanted.Form)}";
        foreach (
            var finding in dump.Findings.Where(finding => finding.Fault != shown && !along.Contains(finding.Fault))
        )
            yield return finding.Text;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string There(IReadOnlyCollection<Archived> left) =>
        left.Count == 0
            ? ""
            : "; there is "
                + string.Join(", ", left.Select(archived => $"{archived.Record.Names} in {archived.Where}"));

    /// <param name="Dump">How the archive has it; null for a record that is no dump.</param>
    /// <param name="Files">The paths of its record files.</param>
    private sealed record Archived(FoundRecord Record, ArchivedDump? Dump, IReadOnlyList<string> Files)
    {
        /// <summary>The files that a person would open to read it.</summary>
        public IReadOnlyList<string> WholeIn => Dump is { Texts.Count: > 0 } ? Dump.Texts : Files;

        public string Where =>
            WholeIn.Count == 0
                ? "the archive"
                : string.Join(" and ", WholeIn.Take(3)) + (WholeIn.Count > 3 ? $" and {WholeIn.Count - 3} more" : "");
    }
}
