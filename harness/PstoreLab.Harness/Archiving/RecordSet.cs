using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// What an archiver finds over one or more boots: what some kernel could show, and what lay in the archive before.
/// </summary>
/// <param name="Number">Which of its seed.</param>
/// <param name="Kind">What it is made to show, one of <see cref="RecordSetGenerator.Kinds"/>, or
/// the name of a set of the user's own.</param>
/// <param name="Backend">That the records are of, as in their names.</param>
/// <param name="Rounds">The records in <c>/sys/fs/pstore</c> at each boot.</param>
/// <param name="Unlink">Whether the archiver is to free the store, the <c>Unlink=</c> of pstore.conf.</param>
/// <param name="Foreign">What lies in the archive before the first round.</param>
public sealed record RecordSet(
    int Number,
    string Kind,
    string Backend,
    IReadOnlyList<IReadOnlyList<ListedRecord>> Rounds,
    bool Unlink,
    IReadOnlyList<ArchivedFile> Foreign
)
{
    /// <summary>The archive that must come of it, in a set of the user's own; null for the ideal one.</summary>
    public IReadOnlyList<ArchivedFile>? Expected { get; init; }

    /// <summary>How much there is to look at: records, and then bytes.</summary>
    public (int Records, int Bytes) Size =>
        (Rounds.Sum(round => round.Count), Rounds.Sum(round => round.Sum(record => record.Content.Length)));

    /// <summary>In one line, for a person.</summary>
    public override string ToString() =>
        $"set {Number}: {Kind} on {Backend}, "
        + $"{string.Join(" then ", Rounds.Select(round => $"{round.Count} records"))}{(Unlink ? "" : ", Unlink=no")}";
}
