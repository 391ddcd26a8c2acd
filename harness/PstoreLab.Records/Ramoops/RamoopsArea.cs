using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>A ramoops area that <see cref="RamoopsScan"/> found.</summary>
/// <param name="Offset">Offset from the position of the stream at the beginning of the scan, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Options">Inferred options for <see cref="IStoreFormat.Decode"/>.</param>
public sealed record RamoopsArea(long Offset, long Length, StoreOptions Options);
