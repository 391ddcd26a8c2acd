namespace PstoreLab.Records.Archive;

/// <summary>One thing that is wrong with an archive.</summary>
/// <param name="Text">For a person, without a full stop: where, and what.</param>
/// <param name="Records">The records that it is about, in the order of their dump.</param>
/// <param name="Paths">The files of the archive that it is about.</param>
public sealed record ArchiveFinding(
    ArchiveFault Fault,
    string Text,
    IReadOnlyList<RecordName> Records,
    IReadOnlyList<string> Paths
);
