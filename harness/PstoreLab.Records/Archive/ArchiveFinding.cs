namespace PstoreLab.Records.Archive;

/// <summary>One fault of an archive.</summary>
/// <param name="Fault">Kind of the fault.</param>
/// <param name="Text">Place and fault in a readable sentence without a full stop.</param>
/// <param name="Records">The records concerned, in the order of their dump.</param>
/// <param name="Paths">The files concerned, as in <see cref="ArchivedFile.Path"/>.</param>
public sealed record ArchiveFinding(
    ArchiveFault Fault,
    string Text,
    IReadOnlyList<RecordName> Records,
    IReadOnlyList<string> Paths
);
