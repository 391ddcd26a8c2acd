namespace PstoreLab.Harness.Archiving;

/// <summary>A user-supplied program that archives.</summary>
/// <param name="Name">What to call it in reports.</param>
/// <param name="CommandLine">Words of sh; it is given two more: the folder with the records, and the archive.</param>
/// <param name="Version">The systemd release that it is of, whose catalogued bugs count as known; null for
/// none.</param>
/// <param name="Given">The option that named it, for messages.</param>
public sealed record OwnProgram(string Name, string CommandLine, string? Version, string Given);
