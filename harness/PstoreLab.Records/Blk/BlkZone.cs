namespace PstoreLab.Records.Blk;

/// <summary>One zone of a pstore_blk device.</summary>
/// <param name="Type">One of <see cref="RecordType"/>.</param>
/// <param name="Index">Number among the zones of its type, from 0; for ftrace the CPU.</param>
/// <param name="Offset">Offset of its header in the device, in bytes.</param>
/// <param name="Length">Length in bytes, header included.</param>
internal readonly record struct BlkZone(string Type, int Index, long Offset, int Length)
{
    public override string ToString() =>
        Type is RecordType.Dmesg or RecordType.Ftrace ? $"{Type} zone {Index}" : $"{Type} zone";
}
