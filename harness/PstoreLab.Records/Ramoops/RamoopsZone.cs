namespace PstoreLab.Records.Ramoops;

/// <summary>
/// One zone of a ramoops area: a header of 12 bytes, data, and parity with error correction.
/// </summary>
/// <param name="Type">One of <see cref="RecordType"/>: dmesg, console, ftrace or pmsg.</param>
/// <param name="Index">Number among the zones of its type, from 0.</param>
/// <param name="Offset">Offset in the area, in bytes. Dump zones, and all zones behind them, may be unaligned.</param>
/// <param name="Size">Size in bytes, header and parity included.</param>
internal readonly record struct RamoopsZone(string Type, int Index, long Offset, int Size)
{
    public long End => Offset + Size;

    public override string ToString() => $"{Type} zone {Index}";
}
