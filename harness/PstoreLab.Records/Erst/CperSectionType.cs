namespace PstoreLab.Records.Erst;

/// <summary>
/// Types of CPER sections. The first three are pstore's own (drivers/acpi/apei/erst.c and
/// arch/x86/kernel/cpu/mce/apei.c, 5.10 to 7.2). Firmware writes the others (include/linux/cper.h; UEFI 2.7, N.2.2).
/// </summary>
internal static class CperSectionType
{
    public static readonly Guid Dmesg = new("c197e04e-d545-4a70-9c17-a5549419eb12");
    public static readonly Guid CompressedDmesg = new("4f118707-04dd-4055-b5dd-956d34ddfac6");
    public static readonly Guid MachineCheck = new("fe08ffbe-95e4-4be7-bc73-4096044a38fc");

    private static readonly Dictionary<Guid, string> Names = new()
    {
        [Dmesg] = "dmesg",
        [CompressedDmesg] = "dmesg, compressed",
        [MachineCheck] = "machine check of Linux",
        [new("9876ccad-47b4-4bdb-b65e-16f193c4f3db")] = "processor, generic",
        [new("dc3ea0b0-a144-4797-b95b-53fa242b6e1d")] = "processor, x86",
        [new("e19e3d16-bc11-11e4-9caa-c2051d5d46b0")] = "processor, ARM",
        [new("a5bc1114-6f64-4ede-b863-3e83ed7c83b1")] = "memory",
        [new("d995e954-bbc1-430f-ad91-b44dcb3c6f35")] = "PCI Express",
        [new("81212a96-09ed-4996-9471-8d729c8e69ed")] = "firmware error record reference",
        [new("c5753963-3b84-4095-bf78-eddad3f9c9dd")] = "PCI or PCI-X bus",
        [new("eb5e4685-ca66-4769-b6a2-26068b001326")] = "PCI component",
        [new("5b51fef7-c79d-4434-8f1b-aa62de3e2c64")] = "DMA remapping, generic",
        [new("71761d37-32b2-45cd-a7d0-b0fedd93e8cf")] = "DMA remapping, Intel VT-d",
        [new("036f84e1-7f37-428c-a79e-575fdfaa84ec")] = "DMA remapping, IOMMU",
        [new("80b9efb4-52b5-4de3-a777-68784b771048")] = "CXL protocol error",
    };

    /// <summary>
    /// pstore's type of such a record; <c>unknown</c>, with a kernel warning, for a foreign section type
    /// (<c>pstore_type_to_name</c>).
    /// </summary>
    public static string RecordTypeOf(Guid type) =>
        type == Dmesg || type == CompressedDmesg ? RecordType.Dmesg
        : type == MachineCheck ? RecordType.Mce
        : "unknown";

    public static string Describe(Guid type) =>
        Names.TryGetValue(type, out string? name) ? $"{type} ({name})" : $"{type}";
}
