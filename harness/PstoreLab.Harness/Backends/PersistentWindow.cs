using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Backends;

/// <summary>
/// A range of a guest's memory that outlives QEMU: a NUMA node of its own between two ordinary ones, backed by a shared
/// file.
/// </summary>
internal sealed class PersistentWindow
{
    private const long MiB = 1 << 20;
    private const long DefaultSize = MiB;

    private readonly IMachine _machine;

    private PersistentWindow(IMachine machine, long size) => (_machine, Size) = (machine, size);

    /// <summary>Physical address of its first byte.</summary>
    public long Address => _machine.Memory.WindowAddress;

    /// <summary>In bytes.</summary>
    public long Size { get; }

    /// <summary>Has a kernel leave the window alone.</summary>
    public KeyValuePair<string, string> Reservation => _machine.Reservation(Address, Size);

    /// <summary>All of the guest's memory.</summary>
    /// <param name="file">The window's content, in the case folder.</param>
    public GuestMemory MemoryIn(string file) => _machine.Memory.WithWindow((int)(Size / MiB), file);

    /// <summary>The parameter of the kernel that <see cref="Reservation"/> is for.</summary>
    public static string ParameterOn(IMachine machine) => new PersistentWindow(machine, DefaultSize).Reservation.Key;

    /// <summary>Why no kernel may have these parameters; null when it may.</summary>
    /// <param name="size">The window's, in bytes.</param>
    public static string? Validate(IMachine machine, long size, IReadOnlyDictionary<string, string> parameters)
    {
        var (name, value) = new PersistentWindow(machine, size).Reservation;
        return parameters[name] == value
            ? null
            : $"{name} {parameters[name]} would take the place of what keeps the store out "
                + "of the guest's own memory; leave it out";
    }

    /// <param name="size">Wanted size in bytes; null for the default.</param>
    /// <param name="what">What is laid over it, for a message: <c>a ramoops area</c>.</param>
    /// <exception cref="UsageException">No window has this size.</exception>
    public static PersistentWindow Of(IMachine machine, long? size, string what) =>
        (size ?? DefaultSize) is >= MiB and <= 64 * MiB and var bytes && bytes % MiB == 0
            ? new PersistentWindow(machine, bytes)
            : throw new UsageException($"store: {what} is 1M to 64M in steps of 1M here, not {size} bytes");
}
