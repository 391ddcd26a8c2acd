using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// ramoops: a reserved range of RAM that survives a reset. Here it is a NUMA node of its own between two ordinary ones, backed by a shared file,
/// so it outlives QEMU too. It cannot lie at the end of low memory: QEMU puts the initramfs and its ACPI tables there at every boot.
/// </summary>
internal sealed class RamoopsBackend : IBackend
{
    private const long MiB = 1 << 20;
    private const long DefaultSize = MiB;

    /// <summary>The node above the window, for the initramfs and the ACPI tables.</summary>
    private const int TailMiB = 32;

    private const string AddressParameter = "ramoops.mem_address";
    private const string SizeParameter = "ramoops.mem_size";

    // One dmesg zone; large enough that a default panic (kmsg_bytes, 10 KiB) is never cut, small enough for 16 zones in 1 MiB.
    private const long DefaultRecordSize = 64 << 10;

    public string Name => "ramoops";

    public string Summary => "a reserved range of RAM, kept in a file across QEMU processes";

    public StoreKind Kind => StoreKind.Ramoops;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_PSTORE_RAM"];

    public IReadOnlyList<string> Modules => ["ramoops"];

    public IReadOnlyList<KernelImage> Images => [KernelImage.Vmlinux, KernelImage.BzImage];

    public IReadOnlyDictionary<string, string> Frontends { get; } = new Dictionary<string, string>
    {
        ["CONFIG_PSTORE_CONSOLE"] = "ramoops.console_size",
        ["CONFIG_PSTORE_PMSG"] = "ramoops.pmsg_size",
        ["CONFIG_PSTORE_FTRACE"] = "ramoops.ftrace_size",
    };

    public StoreAttachment Attach(long? storeSize)
    {
        long size = storeSize ?? DefaultSize;
        if (size < MiB || size > 64 * MiB || size % MiB != 0)
            throw new UsageException($"store: a ramoops area is 1M to 64M in steps of 1M here, not {size} bytes; ramoops.mem_size can be smaller");
        long address = GuestMemory.OrdinaryMiB * MiB;
        long sizeMiB = size / MiB;
        return new StoreAttachment(
            Memory:
            [
                "-m", $"{GuestMemory.OrdinaryMiB + sizeMiB + TailMiB}M",
                "-object", $"memory-backend-ram,id=ordinary,size={GuestMemory.OrdinaryMiB}M",
                "-object", $"memory-backend-file,id=window,size={sizeMiB}M,mem-path={StoreTemplate.FileName},share=on",
                "-object", $"memory-backend-ram,id=tail,size={TailMiB}M",
                "-numa", "node,memdev=ordinary,cpus=0",
                "-numa", "node,memdev=window",
                "-numa", "node,memdev=tail",
            ],
            Devices: [],
            KernelArguments: [$"memmap={sizeMiB}M$0x{address:x}"],
            Parameters: new Dictionary<string, string>
            {
                [AddressParameter] = $"0x{address:x}",
                [SizeParameter] = $"0x{size:x}",
                ["ramoops.record_size"] = $"0x{DefaultRecordSize:x}",
            },
            Store: new StoreTemplate(size, CopyOf: null, address),
            Firmware: [],
            MemoryMiB: GuestMemory.OrdinaryMiB + (int)sizeMiB + TailMiB);
    }

    /// <summary>A kernel maps what it is told to, its own memory too (<c>persistent_ram_vmap</c> in fs/pstore/ram_core.c, 5.10 to 7.2).</summary>
    public string? Objection(StoreTemplate store, IReadOnlyDictionary<string, string> parameters)
    {
        var options = new StoreOptions { Parameters = parameters };
        try
        {
            long start = options.Number(AddressParameter) - store.Address ?? 0;
            long size = options.Number(SizeParameter) ?? 0;
            return size == 0 || (start >= 0 && start <= store.Size && size <= store.Size - start)
                ? null
                : $"ramoops.mem_address {parameters[AddressParameter]} with ramoops.mem_size {parameters[SizeParameter]} reaches into the guest's own memory; "
                    + $"the store is 0x{store.Size:x} bytes from 0x{store.Address:x} on, and `store: 2M` and the like make it larger";
        }
        catch (RecordFormatException e)
        {
            return e.Message;
        }
    }
}
