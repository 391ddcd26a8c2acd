using System.Text;
using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// What the agent of a guest is asked for. The agents (<c>images/initramfs/agent</c>, <c>images/verbs/verbs</c>) know
/// these and no other.
/// </summary>
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Awake), "awake")]
[JsonDerivedType(typeof(BringUp), "bring-up")]
[JsonDerivedType(typeof(Load), "load")]
[JsonDerivedType(typeof(Mount), "mount")]
[JsonDerivedType(typeof(Backend), "backend")]
[JsonDerivedType(typeof(LoadCaptureKernel), "load-capture-kernel")]
[JsonDerivedType(typeof(WriteMarkers), "write-markers")]
[JsonDerivedType(typeof(AwaitSecond), "await-second")]
[JsonDerivedType(typeof(Trigger), "trigger")]
[JsonDerivedType(typeof(Erase), "erase")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Records), "records")]
[JsonDerivedType(typeof(InspectSystemd), "inspect-systemd")]
[JsonDerivedType(typeof(Vmcore), "vmcore")]
[JsonDerivedType(typeof(Reset), "reset")]
[JsonDerivedType(typeof(ShutDown), "shut-down")]
public abstract record AgentRequest
{
    /// <summary>The request as it goes over the line: words with a blank between each two.</summary>
    [JsonIgnore]
    public abstract string Words { get; }

    /// <summary>The same, of each part that is done by itself.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<string> Parts => [Words];

    public sealed override string ToString() => Words;

    /// <summary>What the guest could not do, and its reason.</summary>
    /// <param name="said">What it answered.</param>
    public virtual (string Part, string Reason) Failure(string said) => (Words, said);

    /// <summary>Which kernel release runs.</summary>
    public sealed record Ready : AgentRequest
    {
        public override string Words => "ready";
    }

    /// <summary>
    /// Tells a guest of a checkpoint what has changed meanwhile: the time, what its random numbers come of, and the
    /// registers of devices that QEMU does not restore.
    /// </summary>
    /// <param name="Clock">Seconds since 1970.</param>
    /// <param name="Seed">Letters and digits.</param>
    public sealed record Awake(long Clock, string Seed, IReadOnlyList<PciRegister> Registers) : AgentRequest
    {
        public override string Words => string.Join(' ', [$"awake {Clock} {Seed}", .. Registers]);
    }

    /// <summary>
    /// What a boot begins with: loads modules, one behind the other, then mounts <c>/sys/fs/pstore</c>; the answer is
    /// the registered backend. One request, for each costs an emulated guest some milliseconds.
    /// </summary>
    /// <param name="Options">Options of the mount; null for none.</param>
    public sealed record BringUp(IReadOnlyList<Load> Loads, string? Options) : AgentRequest
    {
        public override string Words => string.Join(' ', ["up", .. Parts]);

        [JsonIgnore]
        public override IReadOnlyList<string> Parts => [.. Loads.Select(load => load.Words), new Mount(Options).Words];

        // The last line is the number of the part that failed.
        public override (string Part, string Reason) Failure(string said)
        {
            int end = said.LastIndexOf('\n');
            return int.TryParse(said[(end + 1)..], out int part) && part >= 1 && part <= Parts.Count
                ? (Parts[part - 1], said[..Math.Max(end, 0)])
                : base.Failure(said);
        }
    }

    /// <summary>Loads a module.</summary>
    /// <param name="Parameters"><c>name=value</c> each: insmod does not read the kernel's command line.</param>
    public sealed record Load(string Module, IReadOnlyList<string> Parameters) : AgentRequest
    {
        public override string Words => string.Join(' ', ["load", Module, .. Parameters]);
    }

    /// <summary>Mounts <c>/sys/fs/pstore</c>, anew where it is mounted; the answer is the registered backend.</summary>
    /// <param name="Options">Options of the mount, such as <c>kmsg_bytes=8192</c>; null for none.</param>
    public sealed record Mount(string? Options) : AgentRequest
    {
        public override string Words => Options is null ? "mount" : $"mount {Options}";
    }

    /// <summary>Which backend is registered.</summary>
    public sealed record Backend : AgentRequest
    {
        public override string Words => "backend";
    }

    /// <summary>Loads the capture kernel (crash kernel) that a panic boots.</summary>
    public sealed record LoadCaptureKernel : AgentRequest
    {
        public override string Words => "load-crash-kernel";
    }

    /// <summary>
    /// Writes numbered lines with a nonce to <c>/dev/kmsg</c>, and to <c>/dev/pmsg0</c> where there is one.
    /// </summary>
    public sealed record WriteMarkers(string Nonce, int Count) : AgentRequest
    {
        public override string Words => $"mark {Nonce} {Count}";
    }

    /// <summary>Waits for a second of the clock.</summary>
    /// <param name="Second">What the seconds since the epoch leave when divided by <paramref name="Of"/>.</param>
    public sealed record AwaitSecond(int Second, int Of) : AgentRequest
    {
        public override string Words => $"await-second {Second} {Of}";
    }

    /// <summary>Sets off a crash. See <see cref="Crashes.ICrashTrigger.Request"/>.</summary>
    /// <param name="Verb">The trigger's own words.</param>
    /// <param name="Processor">Number of the processor that dies, or <c>all</c>; null for any.</param>
    public sealed record Trigger(string Verb, string? Processor = null) : AgentRequest
    {
        public override string Words => Processor is null ? Verb : $"on {Processor} {Verb}";
    }

    /// <summary>Deletes files of <c>/sys/fs/pstore</c>.</summary>
    /// <param name="Glob">What their names match.</param>
    public sealed record Erase(string Glob) : AgentRequest
    {
        public override string Words => $"erase {Glob}";
    }

    /// <summary>Runs a line of shell; the answer is its exit code on a line, then all that it printed.</summary>
    public sealed record Run(string Command) : AgentRequest
    {
        // Words of a request hold no blanks.
        public override string Words => $"run {Convert.ToBase64String(Encoding.UTF8.GetBytes(Command))}";
    }

    /// <summary>The files of <c>/sys/fs/pstore</c>, as a compressed tar.</summary>
    public sealed record Records : AgentRequest
    {
        public override string Words => "records";
    }

    /// <summary>The same of a systemd guest, with the archive, the state of the archiver and the journal.</summary>
    public sealed record InspectSystemd : AgentRequest
    {
        public override string Words => "inspect";
    }

    /// <summary>What a capture kernel finds in <c>/proc/vmcore</c>, as a compressed tar.</summary>
    public sealed record Vmcore : AgentRequest
    {
        public override string Words => "vmcore";
    }

    /// <summary>Resets the machine at once.</summary>
    public sealed record Reset : AgentRequest
    {
        public override string Words => "reboot";
    }

    /// <summary>Shuts the guest down, which ends QEMU.</summary>
    public sealed record ShutDown : AgentRequest
    {
        public override string Words => "poweroff";
    }
}
