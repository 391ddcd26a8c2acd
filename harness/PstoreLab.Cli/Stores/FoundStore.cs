using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Stores;

/// <summary>A store that is a file, or lies somewhere in one.</summary>
/// <param name="Offset">Where it begins, in bytes from the beginning of the file; the offsets in
/// <paramref name="Store"/> count from there.</param>
/// <param name="Searched">Whether it was found by a search, not where it was said to be.</param>
internal sealed record FoundStore(long Offset, bool Searched, DecodedStore Store);
