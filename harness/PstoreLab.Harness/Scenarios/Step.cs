using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Scenarios;

/// <summary>One thing that is done to the guest or its store, in the order of the scenario.</summary>
public abstract record Step(SourceLocation Source);

/// <summary>
/// <c>boot: KERNEL</c>: powers a machine on with an empty store. Always the first step, and only there.
/// </summary>
public sealed record BootStep(SourceLocation Source, string Kernel, BootOptions Options) : Step(Source);

/// <summary>
/// <c>crash: TRIGGER</c>: writes numbered marker lines with a fresh nonce, then kills the kernel with that trigger.
/// </summary>
/// <param name="Trigger">A name of the crash catalogue, such as <c>sysrq-c</c>, or <c>none</c>.</param>
/// <param name="Markers">How many marker lines are written first.</param>
/// <param name="Survived">Whether the kernel survives it.</param>
/// <param name="At">The moment of the guest's clock that is waited for; null for none.</param>
/// <param name="Processor">The processor it happens on, from 0, or <c>all</c> for all at once; null for any.</param>
public sealed record CrashStep(
    SourceLocation Source,
    string Trigger,
    int Markers,
    bool Survived,
    Moment? At = null,
    string? Processor = null
) : Step(Source)
{
    /// <summary>Says, in place of a number, that every processor sets it off in the same moment.</summary>
    public const string AllProcessors = "all";
}

/// <summary>
/// A moment that comes again and again: the beginning of a second since 1970 that is <paramref name="Second"/> modulo
/// <paramref name="Of"/>.
/// </summary>
public sealed record Moment(int Second, int Of);

/// <summary>
/// <c>power-cut: { after: TEXT }</c>: writes markers like a crash, then kills QEMU as soon as the console shows the
/// text.
/// </summary>
/// <param name="After">Text of a console line; null for the last marker line, before anything has gone wrong.</param>
/// <param name="During">The crash trigger that is set off first; <c>none</c> to cut the power of a healthy
/// guest.</param>
/// <param name="Seed">Draws a point while the record is being written, in place of <paramref name="After"/>.</param>
public sealed record PowerCutStep(SourceLocation Source, string? After, string During, int Markers, int? Seed = null)
    : Step(Source);

/// <summary><c>restart: warm</c>, <c>restart: cold</c> or <c>restart: { cold: KERNEL }</c>.</summary>
/// <param name="Kernel">The kernel that boots next; null for the one before. Only a cold restart can change it.</param>
/// <param name="Options">What this boot changes; what it does not name stays as it was at the boot before.</param>
public sealed record RestartStep(SourceLocation Source, RestartKind Kind, string? Kernel, BootOptions Options)
    : Step(Source);

/// <summary><c>erase: GLOB</c> (<c>all</c> is <c>*</c>): deletes records in <c>/sys/fs/pstore</c>.</summary>
public sealed record EraseStep(SourceLocation Source, string Name) : Step(Source);

/// <summary><c>damage: …</c>: damages the store while no guest runs; a guest that still does is ended first.</summary>
public sealed record DamageStep(SourceLocation Source, Damage Damage) : Step(Source);

/// <summary><c>run: COMMAND</c>: has root of the guest run a line of shell.</summary>
/// <param name="Exit">The exit code it must end with.</param>
public sealed record RunStep(SourceLocation Source, string Command, int Exit) : Step(Source);

/// <summary><c>expect: …</c>: lists and reads <c>/sys/fs/pstore</c> and compares it with the expectation.</summary>
public sealed record ExpectStep(SourceLocation Source, Expectation Expectation) : Step(Source);

/// <summary>How the guest boots again.</summary>
public enum RestartKind
{
    /// <summary>The guest resets inside the same QEMU process.</summary>
    Warm,

    /// <summary>A new QEMU process over the same store.</summary>
    Cold,
}

/// <summary>What one boot sets.</summary>
/// <param name="Parameters">Kernel and module parameters, on top of the scenario's own.</param>
/// <param name="Mount">Options of the pstore file system, such as <c>kmsg_bytes=8192</c>; null for none.</param>
/// <param name="Image">The kernel image that QEMU enters; null for the quickest that the backend allows.</param>
public sealed record BootOptions(IReadOnlyDictionary<string, string> Parameters, string? Mount, KernelImage? Image)
{
    public static BootOptions None { get; } = new(new Dictionary<string, string>(), null, null);

    /// <summary>The value of <see cref="Systemd"/> that means the initramfs guest.</summary>
    public const string NoSystemd = "none";

    /// <summary>
    /// The systemd guest that boots, by its name in the catalogue; <see cref="NoSystemd"/> for the initramfs guest;
    /// null for that of the boot before.
    /// </summary>
    public string? Systemd { get; init; }

    /// <summary>Processors of the machine; null for as many as at the boot before.</summary>
    public int? Cpus { get; init; }

    /// <summary>Who loads the backend's modules in a systemd guest; null for who did at the boot before.</summary>
    public ModuleLoading? Modules { get; init; }

    /// <summary>What there is of a capture kernel (crash kernel); null for the same as at the boot before.</summary>
    public CaptureKernel? CaptureKernel { get; init; }

    /// <summary>
    /// Files of the systemd guest that are written before its systemd starts, by absolute path; they stay on its disk.
    /// </summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>Who loads a backend's modules in a guest with systemd.</summary>
public enum ModuleLoading
{
    /// <summary>The initramfs, before systemd starts.</summary>
    Early,

    /// <summary>Nobody but the guest itself: udev, systemd's units, what the scenario's files configure.</summary>
    Guest,
}

/// <summary>
/// What waits for a panic: a second kernel in memory that was reserved for it, which looks at what the first one left.
/// </summary>
public enum CaptureKernel
{
    /// <summary>Nothing, and no memory for it.</summary>
    None,

    /// <summary>The memory, and nothing in it.</summary>
    Reserved,

    /// <summary>One that looks at the dump and resets the machine.</summary>
    Loaded,

    /// <summary>One that panics itself, before it has looked at anything.</summary>
    Panics,
}
