using System.Buffers.Binary;

namespace PstoreLab.Records.Erst;

/// <summary>
/// Places of the slots of a store and of their map entries. Invalid fields of the header are replaced by the usual
/// values.
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

    /// <summary>Size of a slot, in bytes.</summary>
    public int Size { get; }

    public int Count { get; }

    /// <summary>Number of records by the header. QEMU searches no more map entries than these for an id.</summary>
    public uint Declared { get; }

    /// <inheritdoc cref="ErstHeader.Refusal"/>
    public string? Refusal { get; }

    /// <summary>Offset of a slot, in bytes.</summary>
    public long Offset(int slot) => (long)(_first + slot) * Size;

    // It lies within the image: 24 + 8 · length / 4096 is less than any length from 4096, and no shorter image has
    // slots.
    public int MapOffset(int slot) => ErstHeader.MapOffset + (_first + slot) * sizeof(ulong);

    public ulong MapEntry(ReadOnlySpan<byte> image, int slot) =>
        BinaryPrimitives.ReadUInt64LittleEndian(image[MapOffset(slot)..]);
}
