namespace PstoreLab.Records.Archive;

/// <summary>A record file in an archive.</summary>
/// <param name="Path">Where it lies, from the archive on.</param>
public sealed record ArchivedRecord(string Path, ListedRecord Record);
