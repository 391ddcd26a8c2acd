using PstoreLab.Harness.Machines;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops.Boards;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// ramoops: a reserved range of RAM that survives a reset. Here it is a <see cref="PersistentWindow"/>, so it outlives
/// QEMU too.
/// </summary>
internal sealed class RamoopsBackend : IBackend
{
    private const string AddressParameter = "ramoops.mem_address";
    private const string SizeParameter = "ramoops.mem_size";
    private const string NameParameter = "ramoops.mem_name";

    // One dmesg zone; large enough that a default panic (kmsg_bytes, 10 KiB) is never cut, small enough for 16 zones in
    // 1 MiB.
    private const long DefaultRecordSize = 64 << 10;

    public string Name => "ramoops";

    public string Summary => "a reserved range of RAM, kept in a file across QEMU processes";

    public StoreKind Kind => StoreKind.Ramoops;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_PSTORE", "CONFIG_PSTORE_RAM"];

    public IReadOnlyList<string> Modules => ["ramoops"];

    public MachineFeature? Needs => MachineFeature.ReservedRange;

    public IReadOnlyList<string> Speakers => ["ramoops", "persistent_ram"];

    public IReadOnlyList<string> Functions => ["ramoops", "persistent_ram"];

    public IReadOnlyList<Frontend> Frontends { get; } =
    [
        new(RecordType.Console, "CONFIG_PSTORE_CONSOLE", "ramoops.console_size"),
        new(RecordType.Pmsg, "CONFIG_PSTORE_PMSG", "ramoops.pmsg_size"),
        new(RecordType.Ftrace, "CONFIG_PSTORE_FTRACE", "ramoops.ftrace_size"),
    ];

    /// <summary>An area with a name is a piece of the kernel's own memory, and so is all that is around it.</summary>
    public bool IsUsedAtBoot(IEnumerable<string> modules, IReadOnlyDictionary<string, string> parameters) =>
        !modules.Contains("ramoops") || parameters.ContainsKey(NameParameter);

    /// <summary>Probing finds old records as it does at boot (<c>ramoops_probe</c> in fs/pstore/ram.c).</summary>
    public Rereading Reread(IReadOnlyCollection<string> modules) =>
        new Rereading.Rebind("/sys/bus/platform/drivers/ramoops", "ramoops");

    public StoreAttachment Attach(IMachine machine, long? storeSize, string file)
    {
        var window = PersistentWindow.Of(machine, storeSize, "a ramoops area (of which ramoops.mem_size may use less)");
        return new StoreAttachment(
            Memory: window.MemoryIn(file),
            Devices: [],
            Parameters: new Dictionary<string, string>
            {
                [window.Reservation.Key] = window.Reservation.Value,
                [AddressParameter] = $"0x{window.Address:x}",
                [SizeParameter] = $"0x{window.Size:x}",
                ["ramoops.record_size"] = $"0x{DefaultRecordSize:x}",
            },
            Store: new StoreTemplate(window.Size, CopyOf: null, window.Address),
            Firmware: []
        );
    }

    /// <summary>
    /// An area with a name needs no address, and the kernel that is to reserve it must find the window free.
    /// </summary>
    public IReadOnlyDictionary<string, string> KernelParameters(
        IMachine machine,
        IReadOnlyDictionary<string, string> parameters
    )
    {
        if (!parameters.ContainsKey(NameParameter))
            return parameters;
        string reservation = PersistentWindow.ParameterOn(machine);
        return parameters
            .Where(parameter =>
                parameter.Key is not (AddressParameter or SizeParameter) && parameter.Key != reservation
            )
            .ToDictionary();
    }

    /// <summary>
    /// The area is as large as the memory that has its name (<c>ramoops_register_dummy</c> in fs/pstore/ram.c, 6.12 to
    /// 7.2).
    /// </summary>
    public IReadOnlyDictionary<string, string> LayoutParameters(IReadOnlyDictionary<string, string> parameters) =>
        Named(parameters) is { } named
            ? new Dictionary<string, string>(parameters) { [SizeParameter] = $"0x{named.Size:x}" }
            : parameters;

    /// <summary>
    /// A kernel maps any given address, its own memory too (<c>persistent_ram_vmap</c> in fs/pstore/ram_core.c, 5.10
    /// to 7.2).
    /// </summary>
    public string? Validate(IMachine machine, StoreTemplate store, IReadOnlyDictionary<string, string> parameters)
    {
        if (PersistentWindow.Validate(machine, store.Size, parameters) is { } objection)
            return objection;
        if (parameters.ContainsKey(NameParameter))
            return Named(parameters) is { } named ? ObjectionTo(named, store, machine.Memory) : null;
        var options = new StoreOptions { Parameters = parameters };
        try
        {
            long start = options.Number(AddressParameter) - store.Address ?? 0;
            long size = options.Number(SizeParameter) ?? 0;
            return size == 0 || (start >= 0 && start <= store.Size && size <= store.Size - start)
                ? null
                : $"ramoops.mem_address {parameters[AddressParameter]} with ramoops.mem_size "
                    + $"{parameters[SizeParameter]} reaches into the guest's own memory; "
                    + $"the store is 0x{store.Size:x} bytes from 0x{store.Address:x} on, and `store: 2M` and "
                    + "the like make it larger";
        }
        catch (RecordFormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The memory that has the area's name; null where none has.</summary>
    private static ReservedMemory? Named(IReadOnlyDictionary<string, string> parameters) =>
        parameters.TryGetValue(NameParameter, out string? name)
        && parameters.TryGetValue(ReservedMemory.Parameter, out string? value)
        && ReservedMemory.Parse(value) is { } memory
        && memory.Name == name
            ? memory
            : null;

    // What the kernel keeps about the window's pages lies in it, too.
    private static string? ObjectionTo(ReservedMemory named, StoreTemplate store, MemoryMap map) =>
        named.Alignment != map.WindowAlignment
            ? $"{ReservedMemory.Parameter} takes its memory from the store only with an alignment of "
                + $"{map.WindowAlignment >> 20}M"
        : named.Size > store.Size / 2
            ? $"{ReservedMemory.Parameter} may take half of the store, which has 0x{store.Size:x} bytes; "
                + "`store: 8M` and the like make it larger"
        : null;
}
