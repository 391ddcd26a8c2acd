namespace PstoreLab.Records.Archive;

/// <summary>A record file in an archive.</summary>
/// <param name="Path">As in <see cref="ArchivedFile.Path"/>.</param>
/// <param name="Record">Name and content of the file.</param>
public sealed record ArchivedRecord(string Path, ListedRecord Record);
