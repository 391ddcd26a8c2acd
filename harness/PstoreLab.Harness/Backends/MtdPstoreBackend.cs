using PstoreLab.Harness.Machines;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// mtdpstore (drivers/mtd/mtdpstore.c, 6.1 to 7.2) over a phram device, which makes flash of the persistent window.
/// phram has no <c>_panic_write</c>, so oopses that the kernel survives are kept and panics are not; of the frontends
/// mtdpstore has dmesg alone.
/// </summary>
internal sealed class MtdPstoreBackend : IBackend
{
    private const string Device = "pstorelab";
    private const string Phram = "phram.phram";

    // With one zone to an erase block nothing is erased together with what it stands beside.
    private const int EraseSize = 64 << 10;

    private static readonly string[] Passed =
    [
        PstoreBlkParameters.PmsgSize,
        PstoreBlkParameters.ConsoleSize,
        PstoreBlkParameters.FtraceSize,
    ];

    public string Name => "mtd-pstore";

    public string Summary => "flash, here a phram MTD device in memory kept in a file; keeps oopses, not panics";

    public StoreKind Kind => StoreKind.PstoreBlk;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_MTD_PSTORE", "CONFIG_MTD_PHRAM"];

    public IReadOnlyList<string> Modules => ["phram", "mtdpstore"];

    public MachineFeature? Needs => MachineFeature.ReservedRange;

    public IReadOnlyList<string> Functions => ["mtdpstore"];

    public bool IsUsedAtBoot(IEnumerable<string> modules, IReadOnlyDictionary<string, string> parameters) =>
        !modules.Contains("phram");

    public Rereading? Reread(IReadOnlyCollection<string> modules) =>
        modules.Contains("mtdpstore") ? new Rereading.Reload("mtdpstore", Disk: null) : null;

    public StoreAttachment Attach(IMachine machine, long? storeSize, string file)
    {
        var window = PersistentWindow.Of(machine, storeSize, "an MTD device");
        return new StoreAttachment(
            Memory: window.MemoryIn(file),
            Devices: [],
            Parameters: new Dictionary<string, string>
            {
                [window.Reservation.Key] = window.Reservation.Value,
                [Phram] = $"{Place(window)},0x{EraseSize:x}",
                ["pstore_blk.blkdev"] = Device,
                [PstoreBlkParameters.KmsgSize] = $"{PstoreBlkParameters.DefaultKmsgSize}",
            },
            // Erased flash.
            Store: new StoreTemplate(window.Size, CopyOf: null, Blank: 0xff),
            Firmware: []
        );
    }

    /// <summary>
    /// phram maps any given address, the kernel's own memory too (<c>phram_map</c> in drivers/mtd/devices/phram.c).
    /// </summary>
    public string? Validate(IMachine machine, StoreTemplate store, IReadOnlyDictionary<string, string> parameters)
    {
        string place = Place(PersistentWindow.Of(machine, store.Size, "an MTD device"));
        return PersistentWindow.Validate(machine, store.Size, parameters) is { } objection ? objection
            : parameters[Phram].StartsWith(place + ",", StringComparison.Ordinal) ? null
            : $"{Phram} {parameters[Phram]} is not the store, which is {place}; only the size of an "
                + "erase block, behind a comma, may be another one";
    }

    /// <summary>
    /// mtdpstore has PSTORE_FLAGS_DMESG only, so <c>verify_size</c> in fs/pstore/blk.c takes the other sizes for 0.
    /// </summary>
    public IReadOnlyDictionary<string, string> LayoutParameters(IReadOnlyDictionary<string, string> parameters) =>
        parameters.Where(parameter => !Passed.Contains(parameter.Key)).ToDictionary();

    private static string Place(PersistentWindow window) => $"{Device},0x{window.Address:x},0x{window.Size:x}";
}
