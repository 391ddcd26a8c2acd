namespace PstoreLab.Records.Erst;

/// <summary>
/// A record of pstore in a common platform error record outside of QEMU's store: what the firmware of a server keeps in
/// its flash, or what a tool reads out of its ERST (<c>erst_writer</c> in drivers/acpi/apei/erst.c, 5.10 to 7.2).
/// </summary>
/// <param name="Name">The name that pstore gives the record; with <c>.enc.z</c> where its section is that of a
/// compressed one.</param>
/// <param name="Payload">The record's bytes, perhaps compressed.</param>
/// <param name="Offset">Offset of the error record, in bytes.</param>
public sealed record CperDump(RecordName Name, ReadOnlyMemory<byte> Payload, long Offset)
{
    // The signature, the revision, and the end of the signature.
    private static readonly byte[] Beginning = [.. "CPER"u8, 0, 1, 0xff, 0xff, 0xff, 0xff];

    /// <summary>Whether the record is longer than what there is of it.</summary>
    public bool IsCut { get; private init; }

    /// <summary>Whether bytes begin with an error record, whoever wrote it.</summary>
    /// <param name="bytes">The beginning of a file.</param>
    public static bool IsAt(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Beginning) && bytes.Length > CperRecord.PrefixLength;

    /// <summary>Finds all records of pstore. Those of firmware itself, and of others, are passed over.</summary>
    /// <param name="bytes">A file, or an image of flash; records may begin at any byte.</param>
    /// <returns>The records by their offsets. An erased one may be among them: only a store says which are
    /// live.</returns>
    public static IReadOnlyList<CperDump> Find(ReadOnlyMemory<byte> bytes)
    {
        var found = new List<CperDump>();
        int at = 0;
        while (bytes.Span[at..].IndexOf(Beginning) is >= 0 and var next)
        {
            at += next;
            var rest = bytes[at..];
            int length = 1;
            if (rest.Length > CperRecord.PrefixLength && Of(rest, at) is { } record)
            {
                found.Add(record);
                length = CperRecord.PrefixLength + record.Payload.Length;
            }
            at += length;
        }
        return found;
    }

    private static CperDump? Of(ReadOnlyMemory<byte> bytes, long offset)
    {
        var cper = CperRecord.Read(bytes.Span);
        string type = CperSectionType.RecordTypeOf(cper.SectionType);
        if (
            cper.CreatorId != CperRecord.LinuxCreator
            || !RecordType.Known.Contains(type)
            || cper.RecordLength <= CperRecord.PrefixLength
        )
            return null;
        int length = (int)Math.Min(cper.RecordLength, (uint)bytes.Length);
        return new CperDump(
            new RecordName(
                type,
                ErstDecoder.Backend,
                cper.RecordId,
                cper.SectionType == CperSectionType.CompressedDmesg
            ),
            bytes[CperRecord.PrefixLength..length],
            offset
        )
        {
            IsCut = length < cper.RecordLength,
        };
    }
}
