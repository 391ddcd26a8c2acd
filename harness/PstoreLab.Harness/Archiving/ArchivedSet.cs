using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>A record set after an archiver has seen all its rounds.</summary>
/// <param name="Archive">All files of the archive.</param>
/// <param name="Comparison">The archive compared with the ideal.</param>
/// <param name="Left">The records in the store after each round.</param>
/// <param name="Exits">How each round went.</param>
public sealed record ArchivedSet(
    RecordSet Set,
    IReadOnlyList<ArchivedFile> Archive,
    ArchiveComparison Comparison,
    IReadOnlyList<IReadOnlyList<ListedRecord>> Left,
    IReadOnlyList<ArchiverExit> Exits
)
{
    /// <summary>What is wrong with the archive that the set expects; empty where it expects the ideal one.</summary>
    public IReadOnlySet<string> ExpectedFaults { get; } =
        Set.Expected is null ? new HashSet<string>() : RecordedSet.FaultsOf(Set).ToHashSet();

    public static ArchivedSet Judge(
        RecordSet set,
        IReadOnlyList<ArchivedFile> archive,
        IReadOnlyList<IReadOnlyList<ListedRecord>> left,
        IReadOnlyList<ArchiverExit> exits
    ) => new(set, archive, ArchiveComparison.Compare(archive, set.Rounds.SelectMany(round => round)), left, exits);
}
