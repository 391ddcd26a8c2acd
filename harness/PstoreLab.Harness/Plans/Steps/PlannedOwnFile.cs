namespace PstoreLab.Harness.Plans.Steps;

/// <summary>A user-supplied file of a systemd guest.</summary>
/// <param name="Path">Where the guest has it; absolute.</param>
/// <param name="File">A <see cref="StagedFile"/>.</param>
/// <param name="Sha256">The digest of its content, in lower-case hexadecimal digits.</param>
/// <param name="Mode">Its permissions, in octal digits.</param>
public sealed record PlannedOwnFile(string Path, string File, string Sha256, string Mode);
