namespace PstoreLab.Records.Ramoops;

/// <summary>
/// One zone of a ramoops area: a header of 12 bytes, data, and parity where there is error correction.
/// </summary>
/// <param name="Type">One of <see cref="RecordType"/>: dmesg, console, ftrace or pmsg.</param>
/// <param name="Index">Among those of its type, from 0.</param>
/// <param name="Offset">In bytes, from the beginning of the area. Dump zones, and so all that come after them, need not
/// be aligned.</param>
/// <param name="Size">In bytes, all of it.</param>
internal readonly record struct RamoopsZone(string Type, int Index, long Offset, int Size)
{
    public long End => Offset + Size;

    public override string ToString() => $"{Type} zone {Index}";
}
