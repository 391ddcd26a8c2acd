using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// ACPI ERST: the platform's own error record store; QEMU's <c>acpi-erst</c> device keeps it in a file of 8 KiB slots.
/// </summary>
internal sealed class ErstBackend : IBackend
{
    private const long SlotSize = 8 << 10;

    // 31 records: three default panics, with room.
    private const long DefaultSize = 256 << 10;

    public string Name => "erst";

    public string Summary => "ACPI error record serialization, QEMU's acpi-erst device";

    public StoreKind Kind => StoreKind.Erst;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_ACPI_APEI"];

    public IReadOnlyList<string> Modules => [];

    public MachineFeature? Needs => MachineFeature.ErrorRecordStore;

    public IReadOnlyList<string> Speakers => [@"\bERST\b"];

    public bool KeepsAllParts => true;

    public IReadOnlyList<string> Functions => ["erst"];

    /// <summary>
    /// The driver looks at no record before pstore is mounted (<c>erst_init</c> and <c>erst_reader</c> in
    /// drivers/acpi/apei/erst.c, 5.10 to 7.2), and QEMU's device keeps nothing of the store in itself.
    /// </summary>
    public bool IsUsedAtBoot(IEnumerable<string> modules, IReadOnlyDictionary<string, string> parameters) => false;

    public StoreAttachment Attach(IMachine machine, long? storeSize, string file)
    {
        long size = storeSize ?? DefaultSize;
        if (size < 8 * SlotSize || size > 64 << 20 || size % SlotSize != 0)
            throw new UsageException($"store: an ERST file is 64K to 64M in steps of 8K (one slot), not {size} bytes");
        return new StoreAttachment(
            Memory: GuestMemory.Ordinary,
            Devices:
            [
                "-object",
                $"memory-backend-file,id=erst,mem-path={file},size={size},share=on",
                "-device",
                "acpi-erst,memdev=erst",
            ],
            Parameters: new Dictionary<string, string>(),
            Store: new StoreTemplate(size, CopyOf: null),
            Firmware: []
        );
    }
}
