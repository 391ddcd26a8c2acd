namespace PstoreLab.Harness.Rootfs;

/// <summary>The disk of a systemd guest that takes up room in the cache.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="SystemdVersion">The version of its systemd package.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Bytes">Size of its files together.</param>
/// <param name="IsCurrent">Whether its name stands for this disk now; if not, it is left over.</param>
public sealed record StoredRootfs(string Name, string SystemdVersion, string Folder, long Bytes, bool IsCurrent);
