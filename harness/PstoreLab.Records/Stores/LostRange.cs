namespace PstoreLab.Records.Stores;

/// <summary>Bytes of a record that are known to be wrong.</summary>
/// <param name="Offset">Offset of the first one in the payload, in bytes.</param>
/// <param name="Length">Their number.</param>
public readonly record struct LostRange(int Offset, int Length);
