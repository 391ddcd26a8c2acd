using PstoreLab.Records;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// What systemd-pstore is known to do wrong, read in src/pstore/pstore.c of 247.3, 252.39, 254.26, 257.13 and 262 and
/// seen in each that it is said of. A fault that is none of these fails the check, and so does an entry that nothing
/// shows any more. Why each happens is in the bug catalogue, under the same name.
/// </summary>
public static class KnownArchiverFaults
{
    // process_dmesg_files was written anew in 253 (systemd pull request 25469).
    private const int LastOfOld = 252;
    private const int FirstOfNew = 253;

    // PSTORE_FILENAME_IGNORE: six digits.
    private const ulong IgnoredByOld = 1_000_000;

    // In an EFI id, part and count.
    private const ulong BehindTime = 100_000;

    public static IReadOnlyList<KnownArchiverFault> All { get; } =
    [
        new(
            "efi-dump-over-a-second",
            FirstOfNew,
            null,
            (_, fault) => Is(fault, ArchiveFault.Split) && Efi(fault) && !Carries(fault) && Differ(fault, BehindTime)
        ),
        new(
            "efi-part-100-carries",
            FirstOfNew,
            null,
            (_, fault) => Is(fault, ArchiveFault.Split) && Efi(fault) && Carries(fault) && Differ(fault, BehindTime)
        ),
        new(
            "efi-dump-over-ten-seconds",
            0,
            LastOfOld,
            (_, fault) => Is(fault, ArchiveFault.Split) && Efi(fault) && Differ(fault, IgnoredByOld)
        ),
        new(
            "efi-dumps-of-ten-seconds-merged",
            0,
            LastOfOld,
            (archived, fault) =>
                Is(fault, ArchiveFault.Merged, ArchiveFault.Interleaved)
                && Efi(fault)
                && Shares(archived, fault, IgnoredByOld)
        ),
        new(
            "erst-dump-over-a-million",
            0,
            LastOfOld,
            (_, fault) => Is(fault, ArchiveFault.Split) && Erst(fault) && Differ(fault, IgnoredByOld)
        ),
        new(
            "erst-dumps-of-a-boot-merged",
            0,
            null,
            (archived, fault) =>
                Is(fault, ArchiveFault.Merged, ArchiveFault.Interleaved)
                && Erst(fault)
                && Shares(archived, fault, 1UL << 32)
        ),
        new(
            "erst-dump-with-a-gap",
            FirstOfNew,
            null,
            (archived, fault) => Is(fault, ArchiveFault.Split) && Erst(fault) && HasGap(fault)
        ),
        new(
            "short-ids-merged",
            0,
            LastOfOld,
            (_, fault) => Is(fault, ArchiveFault.Merged, ArchiveFault.Interleaved) && Zones(fault)
        ),
        new(
            "archived-record-replaced",
            0,
            null,
            (archived, fault) =>
                archived.Set.Rounds.Count > 1 && Is(fault, ArchiveFault.Overwritten, ArchiveFault.Lost) && Zones(fault)
        ),
        new(
            "appended-again",
            FirstOfNew,
            null,
            (archived, fault) => Is(fault, ArchiveFault.Repeated) && !archived.Set.Unlink && !Zones(fault)
        ),
        new(
            "text-exists",
            0,
            LastOfOld,
            (archived, fault) =>
                fault.Property == ArchiveProperty.NoComplaint
                && archived.Set.Rounds.Count > 1
                && fault.Text.EndsWith("dmesg.txt: File exists", StringComparison.Ordinal)
        ),
        new(
            "efi-pstore-not-known",
            FirstOfNew,
            254,
            (_, fault) => Is(fault, ArchiveFault.NotReassembled) && fault.Finding!.Records[0].Backend == "efi_pstore"
        ),
        new(
            "large-record-left",
            0,
            null,
            (archived, fault) =>
                archived.Set.Rounds.SelectMany(round => round).Any(record => record.Content.Length > 4 << 20)
                && (
                    Is(fault, ArchiveFault.Lost)
                    || fault.Property is ArchiveProperty.StoreFreed
                    || (
                        fault.Property is ArchiveProperty.NoComplaint
                        && fault.Text.StartsWith("Failed to read file", StringComparison.Ordinal)
                    )
                )
        ),
    ];

    private static bool Is(ArchiverFault fault, params ArchiveFault[] wanted) =>
        fault.Fault is { } found && wanted.Contains(found) && fault.Finding!.Records.Count > 0;

    private static bool Efi(ArchiverFault fault) => fault.Finding!.Records[0].Backend is "efi" or "efi_pstore";

    private static bool Erst(ArchiverFault fault) => fault.Finding!.Records[0].Backend == "erst";

    private static bool Zones(ArchiverFault fault) => fault.Finding!.Records[0].Backend is "ramoops" or "pstore_blk";

    /// <summary>Whether ids are not the same above some digits.</summary>
    private static bool Differ(ArchiverFault fault, ulong below) =>
        fault.Finding!.Records.Select(name => name.Id / below).Distinct().Count() > 1;

    /// <summary>Whether there are so many parts that their numbers do not fit into two digits.</summary>
    private static bool Carries(ArchiverFault fault) => fault.Finding!.Records.Count >= 100;

    private static bool HasGap(ArchiverFault fault) =>
        fault.Finding!.Records.Zip(fault.Finding.Records.Skip(1)).Any(pair => pair.Second.Id != pair.First.Id + 1);

    /// <summary>Whether there is another dump whose ids are the same above some digits.</summary>
    private static bool Shares(ArchivedSet archived, ArchiverFault fault, ulong below)
    {
        var own = fault.Finding!.Records;
        return archived
            .Comparison.Dumps.SelectMany(dump => dump.Dump.Parts.Select(part => part.Name))
            .Any(name =>
                name.Type == RecordType.Dmesg
                && !name.Compressed
                && !own.Contains(name)
                && own.Any(mine => mine.Id / below == name.Id / below)
            );
    }
}
