using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>A ramoops area that <see cref="RamoopsScan"/> found.</summary>
/// <param name="Offset">In bytes, from where the scan began.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Options">That divide it; see <see cref="IStoreFormat.Decode"/>.</param>
public sealed record RamoopsArea(long Offset, long Length, StoreOptions Options);
