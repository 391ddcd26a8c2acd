using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Remote;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>A record set that a case has left: what its kernels showed systemd, and the archive at the end.</summary>
public static class RecordedSet
{
    /// <param name="folder">Of a case that has been run.</param>
    /// <exception cref="UsageException">No systemd guest archived anything in it.</exception>
    /// <exception cref="EvidenceException">Its evidence is missing or damaged.</exception>
    public static RecordSet Of(CaseFolder folder)
    {
        var plan = PlanFile.Read(folder.Plan);
        var evidence = new AttemptEvidence(plan, EvidenceJson.Kept<CycleLog>(folder.Cycle), folder);
        if (evidence.Inspections.LastOrDefault(one => plan.IsSystemdAt(one.Boot.Number)) is not { } last)
            throw new UsageException(
                $"{folder.Root}: this case looks at no systemd guest; those of the family archive do"
            );
        // Each guest has an archive of its own.
        string guest = GuestAt(plan, last.Boot.Number);
        List<IReadOnlyList<ListedRecord>> rounds =
        [
            .. plan
                .Boots.Select(boot => boot.Number)
                .Where(boot => boot.Value <= last.Boot.Number.Value && plan.IsSystemdAt(boot))
                .Where(boot => GuestAt(plan, boot) == guest)
                .Select(boot => Listing(evidence, boot))
                .Where(listing => listing.Count > 0),
        ];
        var systemd =
            SystemdSnapshot.Read(folder, last.Number)
            ?? throw new EvidenceException(folder.Systemd(last.Number), "is missing");
        if (
            systemd.Archive.FirstOrDefault(file => file.Kind == RemoteFileKind.File && !IsBelow(file.Path)) is { } stray
        )
            throw new EvidenceException(
                folder.Systemd(last.Number),
                $"has a file that is in no archive: {VisibleText.OneLine(stray.Path)}"
            );
        if (rounds.Count == 0 || systemd.Archive.All(file => file.Kind != RemoteFileKind.File))
            throw new UsageException(
                $"{folder.Root}: systemd-pstore archived no file in this case, so there is nothing to expect"
            );
        return new RecordSet(0, NameOf(plan), rounds[0][0].Name.Backend, rounds, Unlinks(plan), [])
        {
            Expected =
            [
                .. systemd
                    .Archive.Where(file => file.Kind == RemoteFileKind.File)
                    .Select(file => new ArchivedFile(file.Path, file.Content, file.Mode)),
            ],
        };
    }

    /// <summary>What is not as it should be in the archive that a set expects.</summary>
    public static IReadOnlyList<string> FaultsOf(RecordSet set) =>
        [
            .. ArchiveComparison
                .Compare(set.Expected ?? [], set.Rounds.SelectMany(round => round))
                .Findings.Select(finding => finding.Text),
        ];

    private static IReadOnlyList<ListedRecord> Listing(AttemptEvidence evidence, BootNumber boot) =>
        evidence.Listings.ListingOf(boot) is { } listing
            ? [.. ListedRecord.FromListing(listing)]
            : throw new UsageException(
                $"{evidence.Folder.Root}: what the kernel of boot {boot} showed cannot be known from this store"
            );

    /// <summary>A name for its folder: what a plan calls its case may be anything.</summary>
    private static string NameOf(Plan plan) =>
        string.Concat(
                plan.Case.Select(letter =>
                    char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '+' ? letter : '-'
                )
            )
            .TrimStart('.')
            is { Length: > 0 } name
            ? name
            : "set";

    /// <summary>Whether a guest's path stays below the folder that it is written to.</summary>
    private static bool IsBelow(string path) =>
        path.Split('/').All(part => part is not ("" or "." or "..")) && !path.Contains('\0');

    private static string GuestAt(Plan plan, BootNumber boot) =>
        plan.Boots.Take(boot.Value).SelectMany(before => before.Steps.OfType<PowerOn>()).Last().Systemd!.Name;

    /// <summary>Whether the scenario left that to systemd, whose default is yes.</summary>
    private static bool Unlinks(Plan plan) =>
        !plan
            .Steps.OfType<PowerOn>()
            .SelectMany(on => on.Systemd?.Files.Values ?? [])
            .SelectMany(content => content.Split('\n'))
            .Any(line => line.Trim() is "Unlink=no");
}
