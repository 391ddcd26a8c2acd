using System.Buffers.Binary;

namespace PstoreLab.Records.Erst;

/// <summary>
/// Decodes machine check records (<see cref="RecordType.Mce"/>): the leading fields of <c>struct mce</c>
/// (arch/x86/include/uapi/asm/mce.h, 5.10 to 7.2). It is part of the user space interface: fields keep their places,
/// and new ones come last.
/// </summary>
public static class MachineCheck
{
    /// <summary>End of <c>mcgcap</c>, in bytes: all versions have the fields before it.</summary>
    private const int CommonLength = 88;

    // In the order of X86_VENDOR_* in arch/x86/include/asm/processor.h.
    private static readonly string[] Vendors =
    [
        "Intel",
        "Cyrix",
        "AMD",
        "UMC",
        "",
        "Centaur",
        "",
        "Transmeta",
        "NSC",
        "Hygon",
        "Zhaoxin",
    ];

    // IA32_MCi_STATUS, from Intel's manual, volume 3B, 16.3.2.2.
    private static readonly (int Bit, string Name)[] StatusBits =
    [
        (63, "valid"),
        (62, "overflow"),
        (61, "uncorrected"),
        (60, "enabled"),
        (59, "MISC valid"),
        (58, "ADDR valid"),
        (57, "context corrupt"),
    ];

    /// <summary>Decodes the fields of a record.</summary>
    /// <param name="payload">Payload of the record: <c>struct mce</c>, little-endian.</param>
    /// <returns>Name and readable value of each field, such as <c>("mce bank", "4")</c>; empty for a payload of less
    /// than 88 bytes.</returns>
    public static IEnumerable<KeyValuePair<string, string>> Fields(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < CommonLength)
            yield break;
        ulong status = U64(payload, 0);
        var set = StatusBits.Where(bit => (status >> bit.Bit & 1) != 0).Select(bit => bit.Name);
        yield return new("mce status", $"0x{status:x16} ({string.Join(", ", set)})");
        yield return new("mce misc", $"0x{U64(payload, 8):x}");
        yield return new("mce addr", $"0x{U64(payload, 16):x}");
        yield return new("mce mcgstatus", $"0x{U64(payload, 24):x}");
        yield return new("mce ip", $"0x{U64(payload, 32):x}");
        yield return new("mce tsc", $"0x{U64(payload, 40):x}");
        yield return new("mce time", $"{U64(payload, 48)}");
        byte vendor = payload.Span[56];
        yield return new(
            "mce cpuvendor",
            vendor < Vendors.Length && Vendors[vendor].Length > 0 ? $"{vendor} ({Vendors[vendor]})" : $"{vendor}"
        );
        yield return new("mce cpuid", $"0x{U32(payload, 60):x}");
        yield return new("mce cs", $"0x{payload.Span[64]:x}");
        yield return new("mce bank", $"{payload.Span[65]}");
        yield return new("mce cpu", $"{U32(payload, 68)}");
        yield return new("mce socketid", $"{U32(payload, 72)}");
        yield return new("mce apicid", $"0x{U32(payload, 76):x}");
        yield return new("mce mcgcap", $"0x{U64(payload, 80):x}");
    }

    private static ulong U64(ReadOnlyMemory<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[offset..]);

    private static uint U32(ReadOnlyMemory<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[offset..]);
}
