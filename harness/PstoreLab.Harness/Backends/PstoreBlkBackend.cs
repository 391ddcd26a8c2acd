using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Records;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// pstore_blk over a virtio disk. An ordinary block device cannot be written while a kernel panics (fs/pstore/blk.c:
/// best effort has no <c>panic_write</c>), so it keeps oopses that the kernel survives and no panics.
/// </summary>
internal sealed class PstoreBlkBackend : IBackend
{
    private const string Disk = "/dev/vda";
    private const long Sector = 512;

    // 16 zones of the default kmsg_size, 64 KiB.
    private const long DefaultSize = 1 << 20;

    public string Name => "pstore-blk";

    public string Summary => "a block device, here a virtio disk; keeps oopses, not panics";

    public StoreKind Kind => StoreKind.PstoreBlk;

    public IReadOnlyList<string> RequiredOptions =>
        ["CONFIG_PSTORE", "CONFIG_PSTORE_BLK", "CONFIG_VIRTIO_BLK", "CONFIG_VIRTIO_PCI"];

    public IReadOnlyList<string> Modules => ["virtio_pci", "virtio_blk", "pstore_blk"];

    public bool WritesLater => true;

    public IReadOnlyList<string> Functions => ["psblk"];

    public IReadOnlyList<Frontend> Frontends { get; } =
    [
        new(RecordType.Console, "CONFIG_PSTORE_CONSOLE", PstoreBlkParameters.ConsoleSize),
        new(RecordType.Pmsg, "CONFIG_PSTORE_PMSG", PstoreBlkParameters.PmsgSize),
        new(RecordType.Ftrace, "CONFIG_PSTORE_FTRACE", PstoreBlkParameters.FtraceSize),
    ];

    /// <summary>The disk's driver looks for partitions, and the kernel keeps what that has read.</summary>
    public bool IsUsedAtBoot(IEnumerable<string> modules, IReadOnlyDictionary<string, string> parameters) =>
        !modules.Contains("virtio_blk");

    public Rereading? Reread(IReadOnlyCollection<string> modules) =>
        modules.Contains("pstore_blk") ? new Rereading.Reload("pstore_blk", Disk) : null;

    public StoreAttachment Attach(IMachine machine, long? storeSize, string file)
    {
        long size = storeSize ?? DefaultSize;
        if (size < 64 << 10 || size > 64 << 20 || size % Sector != 0)
            throw new UsageException(
                $"store: a pstore_blk device is 64K to 64M in steps of 512 bytes here, not {size} bytes"
            );
        return new StoreAttachment(
            Memory: GuestMemory.Ordinary,
            Devices:
            [
                // The host's page cache is as good as a disk here: it outlives QEMU.
                "-drive",
                $"if=none,id=disk,format=raw,cache=writeback,file={file}",
                "-device",
                "virtio-blk-pci,drive=disk",
            ],
            Parameters: new Dictionary<string, string>
            {
                ["pstore_blk.blkdev"] = Disk,
                ["pstore_blk.best_effort"] = "1",
                // In KiB; what the kernels' configurations say too, but then their values need not be known.
                ["pstore_blk.kmsg_size"] = "64",
            },
            Store: new StoreTemplate(size, CopyOf: null),
            Firmware: []
        );
    }
}
