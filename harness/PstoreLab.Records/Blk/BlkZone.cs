namespace PstoreLab.Records.Blk;

/// <summary>One zone of a pstore_blk device.</summary>
/// <param name="Type">One of <see cref="RecordType"/>.</param>
/// <param name="Index">Among those of its type, from 0: for ftrace the CPU.</param>
/// <param name="Offset">In bytes, its header there.</param>
/// <param name="Length">In bytes, with its header.</param>
internal readonly record struct BlkZone(string Type, int Index, long Offset, int Length)
{
    public override string ToString() =>
        Type is RecordType.Dmesg or RecordType.Ftrace ? $"{Type} zone {Index}" : $"{Type} zone";
}
