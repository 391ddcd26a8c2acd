using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Replays;

/// <summary>A store that a kernel is to read.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Decoded">What <c>decode</c> makes of them.</param>
public sealed record ReplayedStore(string Name, ReadOnlyMemory<byte> Content, DecodedStore Decoded);
