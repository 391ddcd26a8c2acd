using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// A range of the guest's memory that outlives QEMU: a NUMA node of its own between two ordinary ones, backed by a
/// shared file. It cannot lie at the end of low memory: QEMU puts the initramfs and its ACPI tables there at every
/// boot.
/// </summary>
internal sealed class PersistentWindow
{
    private const long MiB = 1 << 20;
    private const long DefaultSize = MiB;

    /// <summary>The node above the window, for the initramfs and the ACPI tables.</summary>
    private const int TailMiB = 32;

    /// <summary>The parameter of the kernel that <see cref="Reservation"/> is for.</summary>
    public const string ParameterName = "memmap";

    private PersistentWindow(long size) => Size = size;

    /// <summary>Physical address of its first byte.</summary>
    public static long Address => GuestMemory.OrdinaryMiB * MiB;

    /// <summary>In bytes.</summary>
    public long Size { get; }

    private int SizeMiB => (int)(Size / MiB);

    /// <summary>All of the guest's memory.</summary>
    /// <param name="file">The window's content, in the case folder.</param>
    public GuestMemory MemoryIn(string file) =>
        new([
            new MemoryNode("ordinary", GuestMemory.OrdinaryMiB),
            new MemoryNode("window", SizeMiB, file),
            new MemoryNode("tail", TailMiB),
        ]);

    /// <summary>Has a kernel leave the window alone.</summary>
    public string Reservation => $"{SizeMiB}M$0x{Address:x}";

    /// <summary>Why no kernel may have these parameters; null when it may.</summary>
    /// <param name="size">The window's, in bytes.</param>
    public static string? Validate(long size, IReadOnlyDictionary<string, string> parameters) =>
        parameters[ParameterName] == new PersistentWindow(size).Reservation
            ? null
            : $"{ParameterName} {parameters[ParameterName]} would take the place of what keeps the store out "
                + "of the guest's own memory; leave it out";

    /// <param name="size">Wanted size in bytes; null for the default.</param>
    /// <param name="what">What is laid over it, for a message: <c>a ramoops area</c>.</param>
    /// <exception cref="UsageException">No window has this size.</exception>
    public static PersistentWindow Of(long? size, string what) =>
        (size ?? DefaultSize) is >= MiB and <= 64 * MiB and var bytes && bytes % MiB == 0
            ? new PersistentWindow(bytes)
            : throw new UsageException($"store: {what} is 1M to 64M in steps of 1M here, not {size} bytes");
}
