using PstoreLab.Cli.Stores;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// Whether anything of what was found is damaged, or cannot be decompressed. What was erased may be: nobody keeps it
/// whole.
/// </summary>
internal static class FindingsDamage
{
    public static bool IsIn(Findings findings) =>
        findings.Records.Any(file => RecordContent.Of(file).Marks.Where is not null)
        || findings.Stores.Any(IsIn)
        || findings.Unread.Any(file => file.IsDamaged);

    private static bool IsIn(SearchedFile file) =>
        file.Fault is not null
        || file.Stores.Any(found =>
            found.Store.Faults.Count > 0
            || found.Store.Records.Any(record =>
                record.State != RecordState.Deleted
                && (record.Faults.Count > 0 || RecordContent.Of(record).Marks.Where is not null)
            )
        );
}
