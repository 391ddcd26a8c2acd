using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// Everything that is particular to one place where pstore keeps records: devices, kernel arguments, modules, configuration, and the file on
/// the host that is its store. A new backend is a new file that implements this, and a line in <see cref="BackendCatalogue"/>.
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

    /// <summary>Modules to load, in order, where the kernel has them as modules; dependencies are found by the image builder.</summary>
    IReadOnlyList<string> Modules { get; }

    /// <summary>Guest images that can reach this backend, the quickest first.</summary>
    IReadOnlyList<KernelImage> Images { get; }

    /// <summary>
    /// Whether a record of a kernel that goes on reaches the store only some time after the console has told of it.
    /// </summary>
    bool WritesLater => false;

    /// <summary>
    /// Kernel options of frontends that keep records of their own in this store, to the parameter that says how much of it each may have.
    /// </summary>
    IReadOnlyDictionary<string, string> Frontends => new Dictionary<string, string>();

    /// <summary>What one machine needs to have this store.</summary>
    /// <param name="storeSize">Wanted size in bytes; null for the default.</param>
    /// <exception cref="Faults.UsageException">The size is not one that this store can have.</exception>
    /// <exception cref="Faults.UnsupportedException">The host lacks a file or a device; names the package that has it.</exception>
    StoreAttachment Attach(long? storeSize);

    /// <summary>Why no machine may have this store with these parameters; null when it may. What a kernel refuses by itself is left to it.</summary>
    string? Objection(StoreTemplate store, IReadOnlyDictionary<string, string> parameters) => null;
}

/// <summary>A store as seen from the machine.</summary>
/// <param name="Memory">QEMU arguments that give the guest its memory.</param>
/// <param name="Devices">QEMU arguments that attach the store; paths are relative to the case folder.</param>
/// <param name="KernelArguments">Words for the kernel command line.</param>
/// <param name="Parameters">Parameters the backend must have to find its store; a scenario's own win over them.</param>
/// <param name="Store">How the empty store is made.</param>
/// <param name="Firmware">Read-only files the machine needs beside the store.</param>
/// <param name="MemoryMiB">Memory of the guest, for the scheduler.</param>
public sealed record StoreAttachment(
    IReadOnlyList<string> Memory,
    IReadOnlyList<string> Devices,
    IReadOnlyList<string> KernelArguments,
    IReadOnlyDictionary<string, string> Parameters,
    StoreTemplate Store,
    IReadOnlyList<FirmwareFile> Firmware,
    int MemoryMiB)
{
    /// <summary>A machine without any store, to try one out.</summary>
    public static StoreAttachment None { get; } =
        new(GuestMemory.Ordinary, [], [], new Dictionary<string, string>(), new StoreTemplate(0, null), [], GuestMemory.OrdinaryMiB);
}

/// <summary>The store before the first boot: <see cref="Size"/> zero bytes, or a copy of <see cref="CopyOf"/>.</summary>
/// <param name="Address">Physical address of its first byte, where it is a piece of the guest's memory.</param>
public sealed record StoreTemplate(long Size, string? CopyOf, long? Address = null)
{
    /// <summary>Its name in every case folder.</summary>
    public const string FileName = "store";
}

/// <summary>A read-only file beside the store.</summary>
/// <param name="Name">Its name in the case folder.</param>
/// <param name="Source">Where the host has it.</param>
public sealed record FirmwareFile(string Name, string Source);
