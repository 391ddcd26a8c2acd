namespace PstoreLab.Harness.Rootfs;

/// <summary>A user-supplied file of a systemd guest, such as a program that was built here.</summary>
/// <param name="Path">Where the guest has it; absolute.</param>
/// <param name="Source">A copy of it on this host: what is built meanwhile changes nothing of a run.</param>
/// <param name="Sha256">The digest of its content, in lower-case hexadecimal digits.</param>
/// <param name="Mode">Its permissions, those that it has on this host.</param>
public sealed record OwnFile(string Path, string Source, string Sha256, UnixFileMode Mode);
