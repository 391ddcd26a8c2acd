using System.Buffers.Binary;

namespace PstoreLab.Records.Erst;

/// <summary>
/// Where the slots of a store and their map entries are. A broken header gives what a sound one would have said.
/// </summary>
internal sealed class ErstSlots
{
    private readonly int _first;

    public ErstSlots(ErstHeader header, long length)
    {
        Refusal = header.Refusal(length);
        if (!ErstHeader.IsRecordSize(header.RecordSize))
            header = header with { RecordSize = ErstHeader.DefaultRecordSize };
        if (header.StorageOffset % header.RecordSize != 0)
            header = header with { StorageOffset = ErstHeader.For(length, header.RecordSize).StorageOffset };
        Size = (int)header.RecordSize;
        _first = (int)Math.Min(header.StorageOffset / header.RecordSize, length / Size);
        Count = (int)(length / Size) - _first;
        Declared = header.RecordCount;
    }

    /// <summary>Of each, in bytes.</summary>
    public int Size { get; }

    public int Count { get; }

    /// <summary>How many records the header counts. QEMU looks for an id in no more of them than that.</summary>
    public uint Declared { get; }

    /// <inheritdoc cref="ErstHeader.Refusal"/>
    public string? Refusal { get; }

    /// <summary>Of a slot from 0, in bytes.</summary>
    public long Offset(int slot) => (long)(_first + slot) * Size;

    // Within the image: 24 + 8 · length / 4096 is less than any length from 4096, and there are no slots below that.
    public int MapOffset(int slot) => ErstHeader.MapOffset + (_first + slot) * sizeof(ulong);

    public ulong MapEntry(ReadOnlySpan<byte> image, int slot) =>
        BinaryPrimitives.ReadUInt64LittleEndian(image[MapOffset(slot)..]);
}
