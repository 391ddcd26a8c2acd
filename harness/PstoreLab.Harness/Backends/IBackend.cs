using PstoreLab.Harness.Machines;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// Everything that is particular to one place where pstore keeps records: devices, kernel arguments, modules,
/// configuration, and the file on the host that is its store. A new backend is a new file that implements this, and a
/// line in <see cref="BackendCatalogue"/>.
/// </summary>
public interface IBackend
{
    /// <summary>Its name in scenarios.</summary>
    string Name { get; }

    /// <summary>One line for <c>pstorelab list --backends</c>.</summary>
    string Summary { get; }

    /// <summary>What its store's bytes are.</summary>
    StoreKind Kind { get; }

    /// <summary>Kernel options without which it cannot work, each <c>y</c> or <c>m</c>.</summary>
    IReadOnlyList<string> RequiredOptions { get; }

    /// <summary>
    /// Modules to load, in order, where the kernel has them as modules; dependencies are found by the image builder.
    /// </summary>
    IReadOnlyList<string> Modules { get; }

    /// <summary>What a machine must have for it; null where every machine has it.</summary>
    MachineFeature? Needs => null;

    /// <summary>
    /// Whether a boot reads the store, or has memory of its own in it, before any module is loaded and pstore is
    /// mounted: it is another boot then with another store.
    /// </summary>
    /// <param name="modules">What the kernel has as modules; the rest is built in.</param>
    /// <param name="parameters">All that are set.</param>
    bool IsUsedAtBoot(IEnumerable<string> modules, IReadOnlyDictionary<string, string> parameters);

    /// <summary>
    /// Whether firmware copies the store into memory when it boots, and kernels see that copy.
    /// </summary>
    bool IsCopiedByFirmware => false;

    /// <summary>
    /// How a running kernel reads the store again after the host has changed it; null where it cannot.
    /// </summary>
    /// <param name="modules">What the kernel has as modules; the rest is built in.</param>
    Rereading? Reread(IReadOnlyCollection<string> modules) => null;

    /// <summary>
    /// Whether the record of a survived crash reaches the store only some time after the console has shown it.
    /// </summary>
    bool WritesLater => false;

    /// <summary>
    /// Whether it keeps all parts of a dump. Others refuse all but the first, which has the last lines
    /// (<c>ramoops_pstore_write</c> in fs/pstore/ram.c and <c>psz_kmsg_write</c> in fs/pstore/zone.c, 5.10 to 7.2).
    /// </summary>
    bool KeepsAllParts => false;

    /// <summary>
    /// Patterns of the kernel's messages about it, beside all those that name pstore. Source: its driver, 5.10 to 7.2.
    /// </summary>
    IReadOnlyList<string> Speakers => [];

    /// <summary>
    /// First words of the names of its driver's functions: an oops in one of them is pstore's. The driver's module may
    /// have the same name.
    /// </summary>
    IReadOnlyList<string> Functions { get; }

    /// <summary>The frontends that keep records of their own in this store.</summary>
    IReadOnlyList<Frontend> Frontends => [];

    /// <summary>What a machine needs to have this store.</summary>
    /// <param name="machine">One that has what the backend <see cref="Needs"/>.</param>
    /// <param name="storeSize">Wanted size in bytes; null for the default.</param>
    /// <param name="file">The store's name in the case folder.</param>
    /// <exception cref="Faults.UsageException">The size is not one that this store can have.</exception>
    /// <exception cref="Faults.UnsupportedException">The host lacks a file or a device; names the package that has
    /// it.</exception>
    StoreAttachment Attach(IMachine machine, long? storeSize, string file = StoreTemplate.FileName);

    /// <summary>Of the parameters that are set, those that a kernel is to see.</summary>
    IReadOnlyDictionary<string, string> KernelParameters(
        IMachine machine,
        IReadOnlyDictionary<string, string> parameters
    ) => parameters;

    /// <summary>
    /// Of the parameters that are set, those that its store is laid out by: a driver may pass over some that others go
    /// by.
    /// </summary>
    IReadOnlyDictionary<string, string> LayoutParameters(IReadOnlyDictionary<string, string> parameters) => parameters;

    /// <summary>
    /// Why no machine may have this store with these parameters; null when it may. What a kernel refuses by itself is
    /// left to it.
    /// </summary>
    string? Validate(IMachine machine, StoreTemplate store, IReadOnlyDictionary<string, string> parameters) => null;
}

/// <summary>A store as seen from the machine.</summary>
/// <param name="Memory">The guest's memory.</param>
/// <param name="Devices">QEMU arguments that attach the store; paths are relative to the case folder.</param>
/// <param name="Parameters">Parameters the backend must have to find its store; a scenario's own win over them.</param>
/// <param name="Store">How the empty store is made.</param>
/// <param name="Firmware">Read-only files the machine needs beside the store.</param>
public sealed record StoreAttachment(
    GuestMemory Memory,
    IReadOnlyList<string> Devices,
    IReadOnlyDictionary<string, string> Parameters,
    StoreTemplate Store,
    IReadOnlyList<FirmwareFile> Firmware
)
{
    /// <summary>A machine without any store, to try one out.</summary>
    public static StoreAttachment None { get; } =
        new(GuestMemory.Ordinary, [], new Dictionary<string, string>(), new StoreTemplate(0, null), []);

    /// <summary>One machine that has this store and another one.</summary>
    /// <exception cref="Faults.UsageException">Both are pieces of its memory.</exception>
    public StoreAttachment Beside(StoreAttachment other, MemoryMap map) =>
        this with
        {
            Memory =
                Firmware.Count + other.Firmware.Count > 0 ? map.UnderFirmware(MemoryWith(other)) : MemoryWith(other),
            Devices = [.. Devices, .. other.Devices],
            Parameters = other
                .Parameters.Concat(Parameters)
                .GroupBy(parameter => parameter.Key)
                .ToDictionary(same => same.Key, same => same.Last().Value),
            Firmware = [.. Firmware, .. other.Firmware],
        };

    private GuestMemory MemoryWith(StoreAttachment other) =>
        Memory == GuestMemory.Ordinary ? other.Memory
        : other.Memory == GuestMemory.Ordinary ? Memory
        : throw new Faults.UsageException(
            "two stores that are pieces of the guest's memory would be the same piece; leave one of them out"
        );
}

/// <summary>
/// The store before the first boot: <see cref="Size"/> bytes that are <see cref="Blank"/>, or a copy of
/// <see cref="CopyOf"/>.
/// </summary>
/// <param name="Address">Physical address of its first byte, where parameters speak of that.</param>
/// <param name="Blank">0, or 0xff of erased flash.</param>
public sealed record StoreTemplate(long Size, string? CopyOf, long? Address = null, byte Blank = 0)
{
    /// <summary>
    /// The file whose bytes lie at the beginning of the store before the first boot; null where that finds it empty.
    /// </summary>
    public string? Given { get; init; }

    /// <summary>Its name in every case folder.</summary>
    public const string FileName = "store";

    /// <summary>The name of the store of a backend that is there beside the one that is judged.</summary>
    public static string FileNameBeside(string backend) => $"{FileName}-{backend}";
}

/// <summary>A read-only file beside the store.</summary>
/// <param name="Name">Its name in the case folder.</param>
/// <param name="Source">Where the host has it.</param>
public sealed record FirmwareFile(string Name, string Source);
