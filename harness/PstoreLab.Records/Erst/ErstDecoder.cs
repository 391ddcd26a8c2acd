using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Erst;

/// <summary>
/// Reads the slots of one store, as <c>erst_reader</c> of a kernel does (drivers/acpi/apei/erst.c, 5.10 to 7.2) on top
/// of <c>read_erst_record</c> of QEMU (hw/acpi/erst.c, 6.2 to 10).
/// </summary>
internal static class ErstDecoder
{
    public const string Backend = "erst";

    private static readonly string[] Severities = ["recoverable", "fatal", "corrected", "informational"];

    /// <summary>Reads all records, in the order of the slots.</summary>
    public static List<StoredRecord> Decode(ReadOnlySpan<byte> image, ErstSlots slots)
    {
        var records = new List<StoredRecord>();
        var walk = new ErstWalk(slots.Declared);
        for (int slot = 0; slot < slots.Count; slot++)
        {
            ulong id = slots.MapEntry(image, slot);
            ReadOnlySpan<byte> content = image.Slice((int)slots.Offset(slot), slots.Size);
            var cper = CperRecord.Read(content);
            if (id != 0)
                records.Add(Mapped(content, slots, slot, id, cper, walk));
            // An unused slot is all zeros. A used one keeps its last record until the next one overwrites it.
            else if (cper.FoundSignature == CperRecord.Signature)
                records.Add(Unmapped(content, slots, slot, cper));
        }
        return records;
    }

    private static StoredRecord Mapped(
        ReadOnlySpan<byte> content,
        ErstSlots slots,
        int slot,
        ulong id,
        CperRecord cper,
        ErstWalk walk
    )
    {
        var faults = new List<string>();
        string? missed = walk.Next(slot, id, out bool ends);
        if (slots.Refusal is { } refusal)
            missed = $"QEMU does not start with this store: {refusal}";
        else if (missed is null)
            missed = WhyNotRead(cper, slots.Size, out ends);
        if (missed is not null)
            faults.Add(missed);
        faults.AddRange(UnusualFields(cper, slots.Size));
        if (cper.RecordId != id)
            faults.Add($"the record's own id is 0x{cper.RecordId:x}; a kernel uses the one of the map, 0x{id:x}");
        return Make(
            content,
            slots,
            slot,
            id,
            cper,
            missed is null ? RecordState.Live : RecordState.Invalid,
            faults
        ) with
        {
            EndsListing = ends,
        };
    }

    private static StoredRecord Unmapped(ReadOnlySpan<byte> content, ErstSlots slots, int slot, CperRecord cper)
    {
        var faults = new List<string>();
        if (cper.RecordLength < CperRecord.PrefixLength || cper.RecordLength > slots.Size)
            faults.Add($"its length is {cper.RecordLength}; expected {CperRecord.PrefixLength} to {slots.Size}");
        faults.AddRange(UnusualFields(cper, slots.Size));
        return Make(content, slots, slot, cper.RecordId, cper, RecordState.Deleted, faults);
    }

    private static StoredRecord Make(
        ReadOnlySpan<byte> content,
        ErstSlots slots,
        int slot,
        ulong id,
        CperRecord cper,
        RecordState state,
        IReadOnlyList<string> faults
    )
    {
        int length =
            (int)Math.Clamp((long)cper.RecordLength, CperRecord.PrefixLength, slots.Size) - CperRecord.PrefixLength;
        ReadOnlyMemory<byte> payload = content.Slice(CperRecord.PrefixLength, length).ToArray();
        string type = CperSectionType.RecordTypeOf(cper.SectionType);
        bool compressed = cper.SectionType == CperSectionType.CompressedDmesg;
        var fields = new List<KeyValuePair<string, string>>(Fields(content, cper, id));
        if (type == RecordType.Mce)
            fields.AddRange(MachineCheck.Fields(payload));
        return new StoredRecord
        {
            Place = $"slot {slot}",
            Name = new RecordName(type, Backend, id),
            State = state,
            Regions =
            [
                new StoreRegion(RegionKind.Header, slots.Offset(slot), CperRecord.PrefixLength),
                new StoreRegion(RegionKind.Data, slots.Offset(slot) + CperRecord.PrefixLength, length),
                new StoreRegion(RegionKind.Map, slots.MapOffset(slot), sizeof(ulong)),
            ],
            Payload = payload,
            MarkedCompressed = compressed,
            Decompressed = compressed ? RecordCompression.Decompress(payload) : DecompressedPayload.Plain(payload),
            WrittenAt = cper.WrittenAt,
            Fields = fields,
            Faults = faults,
            AsRecordToWrite = new RecordToWrite(type, payload)
            {
                Index = slot,
                Id = id,
                MarkedCompressed = compressed,
                WrittenAt = cper.WrittenAt ?? DateTimeOffset.UnixEpoch,
            },
        };
    }

    /// <summary>Why a kernel does not read a record; null where it does.</summary>
    /// <param name="cper">Header of the record.</param>
    /// <param name="slotSize">Size of a slot, in bytes.</param>
    /// <param name="ends">Whether the kernel ends its listing there, instead of skipping the record.</param>
    private static string? WhyNotRead(CperRecord cper, int slotSize, out bool ends)
    {
        ends = true;
        if (cper.RecordLength is < CperRecord.HeaderLength || cper.RecordLength > slotSize)
            return $"its length is {cper.RecordLength}, expected {CperRecord.HeaderLength} to {slotSize}: QEMU fails "
                + "the read, and the kernel ends its listing";
        if (cper.RecordLength < CperRecord.PrefixLength)
            return $"its length is {cper.RecordLength}, less than the {CperRecord.PrefixLength} bytes before the "
                + "payload: the kernel ends its listing";
        ends = false;
        if (cper.CreatorId != CperRecord.LinuxCreator)
            return $"its creator, {cper.CreatorId}, is not pstore ({CperRecord.LinuxCreator}): the kernel skips it";
        ends = cper.RecordLength == CperRecord.PrefixLength;
        return ends ? "it is empty, and the kernel takes that for the end of the records" : null;
    }

    /// <summary>Unusual values of fields that no kernel checks.</summary>
    private static IEnumerable<string> UnusualFields(CperRecord cper, int slotSize)
    {
        if (cper.FoundSignature != CperRecord.Signature)
            yield return $"its signature is 0x{cper.FoundSignature:x8}; expected 0x{CperRecord.Signature:x8}, CPER";
        if (cper.FoundSignatureEnd != CperRecord.SignatureEnd)
            yield return $"the end of its signature is 0x{cper.FoundSignatureEnd:x8}; expected "
                + $"0x{CperRecord.SignatureEnd:x8}";
        if (cper.Revision != CperRecord.KnownRevision)
            yield return $"its revision is 0x{cper.Revision:x4}; expected 0x{CperRecord.KnownRevision:x4}";
        if (cper.CreatorId != CperRecord.LinuxCreator)
            yield break;
        if (cper.SectionCount != 1)
            yield return $"its section count is {cper.SectionCount}; expected 1";
        if (
            cper.RecordLength >= CperRecord.PrefixLength
            && cper.RecordLength <= slotSize
            && (
                cper.SectionOffset != CperRecord.PrefixLength
                || cper.SectionLength != cper.RecordLength - CperRecord.PrefixLength
            )
        )
        {
            yield return $"its section descriptor has {cper.SectionLength} bytes at {cper.SectionOffset}; a kernel "
                + $"reads {cper.RecordLength - CperRecord.PrefixLength} at {CperRecord.PrefixLength}, by the record's "
                + "length";
        }
        if (CperSectionType.RecordTypeOf(cper.SectionType) == "unknown")
            yield return $"its section type, {cper.SectionType}, is none of pstore's: a kernel warns and calls the "
                + $"file unknown-{Backend}-…";
        if ((cper.ValidationBits & CperRecord.TimestampValid) != 0 && cper.WrittenAt is null)
            yield return $"its timestamp, {cper.Timestamp}, is no valid date";
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(
        ReadOnlySpan<byte> content,
        CperRecord cper,
        ulong mapped
    )
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("record id", $"0x{cper.RecordId:x16}"),
            new("map entry", $"0x{mapped:x16}"),
            new("record length", $"{cper.RecordLength}"),
            new("revision", $"0x{cper.Revision:x4}"),
            new("section count", $"{cper.SectionCount}"),
            new("severity", Severity(cper.Severity)),
            new("validation bits", Bits(cper.ValidationBits, "platform id", "timestamp", "partition id")),
            new("timestamp", $"{cper.Timestamp}"),
            new("platform id", $"{cper.PlatformId}"),
            new("partition id", $"{cper.PartitionId}"),
            new(
                "creator id",
                cper.CreatorId == CperRecord.LinuxCreator ? $"{cper.CreatorId} (Linux pstore)" : $"{cper.CreatorId}"
            ),
            new(
                "notification type",
                cper.NotificationType == CperRecord.MceNotification
                    ? $"{cper.NotificationType} (machine check)"
                    : $"{cper.NotificationType}"
            ),
            new("flags", Bits(cper.Flags, "recovered", "previous boot", "simulated")),
            new("persistence information", $"0x{cper.PersistenceInformation:x16}"),
            new("section type", CperSectionType.Describe(cper.SectionType)),
            new("section offset", $"{cper.SectionOffset}"),
            new("section length", $"{cper.SectionLength}"),
            new("section revision", $"0x{cper.SectionRevision:x4}"),
            new("section validation bits", Bits(cper.SectionValidationBits, "FRU id", "FRU text")),
            new(
                "section flags",
                Bits(
                    cper.SectionFlags,
                    "primary",
                    "containment warning",
                    "reset",
                    "threshold exceeded",
                    "not accessible",
                    "latent"
                )
            ),
            new("section severity", Severity(cper.SectionSeverity)),
            new("FRU id", $"{cper.FruId}"),
        ];
        if ((cper.SectionValidationBits & 2) != 0)
            fields.Add(new("FRU text", RecordText.ForDisplay(RecordText.FromBytes(content[180..200]).TrimEnd('\0'))));
        return fields;
    }

    private static string Severity(uint value) =>
        value < Severities.Length ? $"{value} ({Severities[value]})" : $"{value}";

    private static string Bits(uint value, params string[] names)
    {
        string set = string.Join(", ", names.Where((_, bit) => (value >> bit & 1) != 0));
        return set.Length > 0 ? $"0x{value:x} ({set})" : $"0x{value:x}";
    }
}
