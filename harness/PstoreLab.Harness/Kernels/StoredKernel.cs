namespace PstoreLab.Harness.Kernels;

/// <summary>A kernel that takes up room in the cache.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Version">The package version.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Bytes">Size of its files together.</param>
/// <param name="IsCurrent">Whether its name stands for this version now; if not, it is left over.</param>
public sealed record StoredKernel(string Name, string Version, string Folder, long Bytes, bool IsCurrent);
