using System.Buffers.Binary;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Erst;

/// <summary>
/// The file behind QEMU's <c>acpi-erst</c> device (hw/acpi/erst.c, docs/specs/acpi_erst.rst, 6.2 to 10), with the
/// records of Linux (drivers/acpi/apei/erst.c, the same from 5.10 to 7.2).
/// </summary>
internal sealed class ErstFormat : IStoreFormat
{
    /// <summary>
    /// QEMU's property <c>record_size</c>: size of a slot in bytes, a power of two from 4096; 8192 unless given. The
    /// header of an existing store has it.
    /// </summary>
    public const string RecordSizeParameter = "acpi-erst.record_size";

    public StoreKind Kind => StoreKind.Erst;

    public string Name => "erst";

    public IReadOnlyList<string> Types { get; } = [RecordType.Dmesg, RecordType.Mce];

    public StoreListing Listing { get; } = new ErstListing();

    public bool Recognises(ReadOnlySpan<byte> head, long length) => ErstHeader.IsAt(head);

    public DecodedStore Decode(ReadOnlySpan<byte> image, StoreOptions options)
    {
        var header = ErstHeader.Read(image);
        var slots = new ErstSlots(header, image.Length);
        var records = ErstDecoder.Decode(image, slots);
        var parameters = new Dictionary<string, string>(options.Parameters) { [RecordSizeParameter] = $"{slots.Size}" };
        return new DecodedStore(
            Kind,
            image.Length,
            $"ACPI ERST of QEMU: {slots.Count} slots of {slots.Size} bytes from "
                + $"0x{(slots.Count == 0 ? image.Length : slots.Offset(0)):x}",
            options with
            {
                Parameters = parameters,
            },
            records,
            Used(image, slots) == slots.Count && slots.Count > 0
                ? ["it is full: the next crash leaves nothing here until a record is erased"]
                : []
        )
        {
            Faults = [.. Faults(image, slots)],
            Divisions = [.. Enumerable.Range(0, slots.Count).Select(slots.Offset)],
        };
    }

    public byte[] CreateEmpty(long size, StoreOptions options)
    {
        long recordSize = options.Number(RecordSizeParameter) ?? ErstHeader.DefaultRecordSize;
        if (!ErstHeader.IsRecordSize(recordSize))
            throw new RecordFormatException(
                $"{RecordSizeParameter} is {recordSize}; expected a power of two from 4096"
            );
        if (size < 2 * recordSize || size % recordSize != 0 || size > Array.MaxLength)
            throw new RecordFormatException(
                $"no ERST store has {size} bytes: expected a multiple of the record size, {recordSize}, "
                    + $"from {2 * recordSize}"
            );
        byte[] image = new byte[size];
        ErstHeader.For(size, (uint)recordSize).Write(image);
        return image;
    }

    public bool Write(Span<byte> image, StoreOptions options, RecordToWrite record)
    {
        var header = ErstHeader.Read(image);
        var slots = new ErstSlots(header, image.Length);
        if (slots.Refusal is { } refusal)
            throw new RecordFormatException($"QEMU does not start with this store: {refusal}");
        if (record.Payload.Length > slots.Size - CperRecord.PrefixLength)
            throw new RecordFormatException(
                $"a slot has room for {slots.Size - CperRecord.PrefixLength} bytes, not for {record.Payload.Length}"
            );
        Guid type = TypeOf(record);
        ulong id = record.Id ?? RecordId(record);
        if (id is 0 or ulong.MaxValue)
            throw new RecordFormatException($"0x{id:x} is no id of a record: it means an empty slot, or the end");

        if (record.Index is { } index && (index < 0 || index >= slots.Count))
            throw new RecordFormatException($"there is no slot {index}; the store has {slots.Count}");
        if ((record.Index ?? FindSlot(image, slots, id)) is not { } slot)
            return false;

        // In QEMU's order: the record, the rest of its slot, the count, the map.
        Span<byte> content = image.Slice((int)slots.Offset(slot), slots.Size);
        CperRecord.WritePrefix(content, type, id, record.WrittenAt.ToUnixTimeSeconds(), record.Payload.Length);
        record.Payload.Span.CopyTo(content[CperRecord.PrefixLength..]);
        content[(CperRecord.PrefixLength + record.Payload.Length)..].Fill(0xff);
        if (slots.MapEntry(image, slot) == 0)
            (header with { RecordCount = header.RecordCount + 1 }).Write(image);
        BinaryPrimitives.WriteUInt64LittleEndian(image[slots.MapOffset(slot)..], id);
        return true;
    }

    private static Guid TypeOf(RecordToWrite record) =>
        (record.Type, record.MarkedCompressed) switch
        {
            (RecordType.Dmesg, true) => CperSectionType.CompressedDmesg,
            (RecordType.Dmesg, false) => CperSectionType.Dmesg,
            (RecordType.Mce, false) => CperSectionType.MachineCheck,
            (RecordType.Mce, true) => throw new RecordFormatException("ERST has no compressed machine checks"),
            _ => throw new RecordFormatException(
                $"ERST keeps {RecordType.Dmesg} and {RecordType.Mce}, not {record.Type}"
            ),
        };

    // cper_next_record_id, drivers/firmware/efi/cper.c, 5.10 to 7.2: the upper half is the time of the first record in
    // seconds, and the ids count up from there.
    private static ulong RecordId(RecordToWrite record)
    {
        long seconds = record.WrittenAt.ToUnixTimeSeconds();
        ulong first = seconds < 0x80000000 ? (ulong)seconds << 32 : 0x8000000000000000 | (ulong)seconds << 24;
        return first + record.Part;
    }

    // QEMU replaces a record of the same id.
    private static int? FindSlot(ReadOnlySpan<byte> image, ErstSlots slots, ulong id)
    {
        int? free = null;
        for (int slot = 0; slot < slots.Count; slot++)
        {
            ulong entry = slots.MapEntry(image, slot);
            if (entry == id)
                return slot;
            if (entry == 0)
                free ??= slot;
        }
        return free;
    }

    private static IEnumerable<string> Faults(ReadOnlySpan<byte> image, ErstSlots slots)
    {
        var faults = new List<string>();
        if (slots.Refusal is { } refusal)
            faults.Add($"QEMU does not start with this store: {refusal}");
        int used = Used(image, slots);
        if (used != slots.Declared)
            faults.Add($"the header counts {slots.Declared} records, the map has {used}");
        return faults;
    }

    private static int Used(ReadOnlySpan<byte> image, ErstSlots slots)
    {
        int used = 0;
        for (int slot = 0; slot < slots.Count; slot++)
            used += slots.MapEntry(image, slot) == 0 ? 0 : 1;
        return used;
    }
}
