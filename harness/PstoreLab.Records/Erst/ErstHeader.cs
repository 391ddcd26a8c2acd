using System.Buffers.Binary;

namespace PstoreLab.Records.Erst;

/// <summary>
/// Header of the file behind QEMU's <c>acpi-erst</c> device (<c>ERSTStorageHeader</c> in hw/acpi/erst.c, 6.2 to 10;
/// little-endian): magic at 0, record_size at 8, storage_offset at 12, version at 16, reserved at 18, record_count at
/// 20. From 24 on the map has one u64 record id for each slot of the whole file; the ids of the header's own slots stay
/// 0. Slots with records begin at storage_offset.
/// </summary>
internal readonly record struct ErstHeader(
    uint RecordSize,
    uint StorageOffset,
    ushort Version,
    ushort Reserved,
    uint RecordCount
)
{
    /// <summary>"ERSTSTOR" as the file spells it.</summary>
    public const ulong Magic = 0x524F545354535245;

    public const int MapOffset = 24;

    public const int DefaultRecordSize = 8192;

    private const ushort KnownVersion = 0x0100;

    public static bool IsAt(ReadOnlySpan<byte> image) =>
        image.Length >= MapOffset && BinaryPrimitives.ReadUInt64LittleEndian(image) == Magic;

    /// <exception cref="RecordFormatException">The magic is not there.</exception>
    public static ErstHeader Read(ReadOnlySpan<byte> image) =>
        IsAt(image)
            ? new ErstHeader(
                BinaryPrimitives.ReadUInt32LittleEndian(image[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(image[12..]),
                BinaryPrimitives.ReadUInt16LittleEndian(image[16..]),
                BinaryPrimitives.ReadUInt16LittleEndian(image[18..]),
                BinaryPrimitives.ReadUInt32LittleEndian(image[20..])
            )
            : throw new RecordFormatException("no ERST store: it does not begin with QEMU's magic, ERSTSTOR");

    /// <summary>
    /// The header of a new file, by <c>make_erst_storage_header</c>: header and map, rounded up to whole slots, come
    /// before the first record.
    /// </summary>
    public static ErstHeader For(long size, uint recordSize)
    {
        long headed = MapOffset + size / recordSize * sizeof(ulong);
        return new ErstHeader(
            recordSize,
            (uint)((headed + recordSize - 1) / recordSize * recordSize),
            KnownVersion,
            0,
            0
        );
    }

    public void Write(Span<byte> image)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(image, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(image[8..], RecordSize);
        BinaryPrimitives.WriteUInt32LittleEndian(image[12..], StorageOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(image[16..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(image[18..], Reserved);
        BinaryPrimitives.WriteUInt32LittleEndian(image[20..], RecordCount);
    }

    public static bool IsRecordSize(long size) => size is >= 4096 and <= 1 << 30 && (size & (size - 1)) == 0;

    /// <summary>
    /// Why QEMU refuses to start with this store (<c>check_erst_backend_storage</c>); null for a valid store.
    /// </summary>
    /// <param name="length">Length of the image, in bytes.</param>
    public string? Refusal(long length)
    {
        if (!IsRecordSize(RecordSize))
            return $"its record size is {RecordSize}; expected a power of two from 4096";
        if (StorageOffset % RecordSize != 0)
            return $"its storage offset is 0x{StorageOffset:x}, no multiple of the record size, 0x{RecordSize:x}";
        if (Version != KnownVersion || Reserved != 0)
            return $"its version is 0x{Version:x4} and the word after it 0x{Reserved:x4}; expected "
                + $"0x{KnownVersion:x4} and 0";
        return length % RecordSize != 0
            ? $"its length, {length}, is no multiple of the record size, {RecordSize}"
            : null;
    }
}
