using System.Text;
using System.Text.Json.Serialization;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>One primitive action on the machine.</summary>
[JsonDerivedType(typeof(PowerOn), "power-on")]
[JsonDerivedType(typeof(WarmBoot), "come-up-again")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Mount), "mount")]
[JsonDerivedType(typeof(NoteBackend), "note-backend")]
[JsonDerivedType(typeof(Mark), "mark")]
[JsonDerivedType(typeof(Crash), "crash")]
[JsonDerivedType(typeof(KeepVmcore), "keep-vmcore")]
[JsonDerivedType(typeof(Oops), "oops")]
[JsonDerivedType(typeof(AwaitStore), "await-store")]
[JsonDerivedType(typeof(DamageStore), "damage-store")]
[JsonDerivedType(typeof(CutPower), "cut-power")]
[JsonDerivedType(typeof(Reboot), "reboot")]
[JsonDerivedType(typeof(PowerOff), "power-off")]
[JsonDerivedType(typeof(RunInGuest), "run-in-guest")]
[JsonDerivedType(typeof(Inspect), "inspect")]
public abstract record PlanStep;

/// <summary>Starts QEMU over the store and waits for the guest's agent.</summary>
/// <param name="Boot">Number of the boot, from 1.</param>
/// <param name="Kernel">Name of the kernel that boots.</param>
/// <param name="Machine">QEMU's arguments but for the channels to the guest; paths are relative to the case
/// folder.</param>
/// <param name="ExitsOnReset">Whether QEMU ends when the guest resets; not so when this process has a warm restart
/// ahead.</param>
/// <param name="Parameters">Every kernel and module parameter that is set, wherever it goes: what the store is decoded
/// by.</param>
/// <param name="Systemd">The systemd guest that boots; null for the small one.</param>
/// <param name="Cpus">Processors of the machine.</param>
public sealed record PowerOn(
    int Boot,
    string Kernel,
    IReadOnlyList<string> Machine,
    bool ExitsOnReset,
    IReadOnlyDictionary<string, string> Parameters,
    PlannedSystemd? Systemd = null,
    int Cpus = 1
) : PlanStep;

/// <summary>A systemd guest of one boot.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Disk">The disk that this boot writes to, made when it begins; like the next, relative to the case
/// folder.</param>
/// <param name="Under">The disk under it: that of the boot before of the same guest, or the one of the catalogue, a
/// <see cref="StagedFile"/>.</param>
/// <param name="UnderFormat">QEMU's word for what <paramref name="Under"/> is.</param>
/// <param name="Files">Absolute path to content of what is written to the disk before systemd starts.</param>
public sealed record PlannedSystemd(
    string Name,
    string? SystemdVersion,
    string Disk,
    string Under,
    string UnderFormat,
    string Seed,
    IReadOnlyDictionary<string, string> Files
);

/// <summary>Waits for the agent of a guest that resets inside the same QEMU.</summary>
/// <param name="Parameters">As those of <see cref="PowerOn"/>.</param>
public sealed record WarmBoot(int Boot, string Kernel, IReadOnlyDictionary<string, string> Parameters, int Cpus = 1)
    : PlanStep;

/// <summary>Sends the agent a request and waits for its answer.</summary>
public sealed record Ask(string Request) : PlanStep;

/// <summary>Mounts <c>/sys/fs/pstore</c>, anew where it is mounted, and notes which backend is registered.</summary>
/// <param name="Options">Options of the mount, such as <c>kmsg_bytes=8192</c>; null for none.</param>
public sealed record Mount(string? Options) : PlanStep
{
    /// <summary>What the agent is told.</summary>
    [JsonIgnore]
    public string Request => Options is null ? "mount" : $"mount {Options}";
}

/// <summary>Notes which backend is registered now, behind a command that may have changed it.</summary>
public sealed record NoteBackend : PlanStep
{
    /// <summary>What the agent is told.</summary>
    public const string Request = "backend";
}

/// <summary>
/// Has the agent write numbered lines with a nonce to <c>/dev/kmsg</c>, and to <c>/dev/pmsg0</c> where there is one.
/// </summary>
/// <param name="Number">Which crash of the case this arms, from 1.</param>
public sealed record Mark(int Number, string Nonce, int Count) : PlanStep
{
    /// <summary>What the agent is told.</summary>
    [JsonIgnore]
    public string Request => $"mark {Nonce} {Count}";
}

/// <summary>
/// Sets off a crash and waits until it is over: the guest's own reset, proven by QMP, or what else it ends with.
/// </summary>
/// <param name="Request">What the agent is told, or QEMU's monitor.</param>
/// <param name="ConsolePattern">What the console shows of it.</param>
public sealed record Crash(int Number, string Trigger, string Request, string ConsolePattern) : PlanStep
{
    /// <summary>Who is told.</summary>
    public TriggerSource Cause { get; init; }

    /// <summary>What the machine does in the end.</summary>
    public CrashEnd End { get; init; }

    /// <summary>
    /// The console's line after which the record is written; null where that is the last of the dying kernel's.
    /// </summary>
    public string? NewestLine { get; init; }

    /// <summary>
    /// Whether a crash kernel is loaded that takes over: then it is its agent that is waited for, and the end comes
    /// later.
    /// </summary>
    public bool BootsCaptureKernel { get; init; }
}

/// <summary>
/// Has the crash kernel tell what it finds in <c>/proc/vmcore</c> and keeps that; then has it reset the machine, which
/// is the end of the crash.
/// </summary>
/// <param name="Boot">The boot whose kernel died.</param>
public sealed record KeepVmcore(int Boot) : PlanStep
{
    /// <summary>What the agent is told.</summary>
    public const string Request = "vmcore";
}

/// <summary>
/// Sets off an oops that the kernel survives, and waits until the console shows its end and the agent answers.
/// </summary>
/// <param name="Request">What the agent is told.</param>
/// <param name="ConsolePattern">The line of the console with which the kernel's account of it ends.</param>
public sealed record Oops(int Number, string Trigger, string Request, string ConsolePattern) : PlanStep;

/// <summary>
/// Waits until the store on the host holds a record of this crash: for a backend that writes some time later. That none
/// comes is no fault here; it is for the oracle to say.
/// </summary>
/// <param name="Seconds">The longest wait.</param>
public sealed record AwaitStore(int Number, string Nonce, int Seconds) : PlanStep;

/// <summary>Damages the store that a dead guest has left, before the next one finds it.</summary>
/// <param name="Number">Number of the damage in the case, from 1.</param>
/// <param name="Damage">What is done.</param>
public sealed record DamageStore(int Number, Damage Damage) : PlanStep;

/// <summary>Kills QEMU.</summary>
/// <param name="Request">What the agent is told first; null leaves the guest in good health.</param>
/// <param name="After">The text of a console line that is waited for; null for at once, with the marker lines written
/// and nothing gone wrong.</param>
/// <param name="Point">How long to go on behind that.</param>
public sealed record CutPower(int Number, string? Request, string? After, CutPoint? Point = null) : PlanStep;

/// <summary>Has a healthy guest reset and waits for the reset.</summary>
public sealed record Reboot : PlanStep;

/// <summary>Ends QEMU under a healthy guest.</summary>
/// <param name="Request">What the agent is told, for a guest that ends QEMU by shutting itself down; null for one that
/// has nothing to lose.</param>
public sealed record PowerOff(string? Request = null) : PlanStep;

/// <summary>Runs a line of shell in the guest.</summary>
/// <param name="Number">Number of the command in the case, from 1.</param>
/// <param name="Exit">The exit code that it must end with.</param>
/// <param name="Source">The line of the scenario that asks for it.</param>
public sealed record RunInGuest(int Number, string Command, int Exit, string Source) : PlanStep
{
    /// <summary>What the agent is told: words of a request hold no blanks.</summary>
    [JsonIgnore]
    public string Request => $"run {Convert.ToBase64String(Encoding.UTF8.GetBytes(Command))}";
}

/// <summary>
/// Reads <c>/sys/fs/pstore</c> whole, and in a systemd guest, when systemd-pstore.service has come to rest, the archive
/// and the journal of this boot; the oracle holds it against the expectation later.
/// </summary>
/// <param name="Number">Number of the snapshot, from 1.</param>
/// <param name="Boot">The boot whose guest is looked at.</param>
/// <param name="Records">Exactly these; null when records are not judged.</param>
public sealed record Inspect(
    int Number,
    int Boot,
    IReadOnlyList<ExpectedRecord>? Records,
    IReadOnlyList<string> Console,
    IReadOnlyList<string> ConsoleWithout,
    string Source
) : PlanStep
{
    /// <summary>Exactly these crashes in the archive; null when it is not judged.</summary>
    public IReadOnlyList<ExpectedArchive>? Archive { get; init; }

    /// <summary>Exactly these records in the journal; null when it is not judged.</summary>
    public IReadOnlyList<ExpectedRecord>? Journal { get; init; }

    /// <summary>What a crash kernel must have found; null when that is not judged.</summary>
    public ExpectedVmcore? Vmcore { get; init; }

    /// <summary>What must have become of systemd-pstore.service; null when that is not judged.</summary>
    public ArchiverOutcome? Archiver { get; init; }

    /// <summary>
    /// Globs of which one must match the name that a backend is registered under; empty for no backend; null when that
    /// is not judged.
    /// </summary>
    public IReadOnlyList<string>? Registered { get; init; }
}

/// <summary>What must have become of the memory of a kernel that died.</summary>
/// <param name="Crash">Its crash.</param>
public sealed record ExpectedVmcore(VmcoreExpectation Vmcore, int Crash);

/// <summary>A crash that must be in the archive. See <see cref="ArchivedExpectation"/>.</summary>
public sealed record ExpectedArchive(
    string Type,
    string? Reason,
    int Crash,
    ArchiveForm Form,
    string? Path,
    RecordContent Content,
    string Source
);

/// <summary>A record that must be there.</summary>
/// <param name="Crash">The crash it must come from.</param>
/// <param name="Ecc">What the kernel must say that error correction did; null where it is not asked.</param>
/// <param name="Source">The line of the scenario that asks for it.</param>
public sealed record ExpectedRecord(
    string Type,
    string? Reason,
    int Crash,
    string? Name,
    RecordContent Content,
    EccExpectation? Ecc,
    string Source
)
{
    /// <summary>Texts that must be in it.</summary>
    public IReadOnlyList<string> Holds { get; init; } = [];

    /// <summary>Of how many parts it may be; null for any number.</summary>
    public PartCount? Parts { get; init; }
}
