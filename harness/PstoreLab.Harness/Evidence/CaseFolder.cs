using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>The names of everything one attempt at a case leaves behind.</summary>
/// <param name="Root">Absolute path.</param>
public sealed record CaseFolder(string Root)
{
    /// <summary>What to call it where its plan does not say: the path below the cases of its run.</summary>
    public string Name =>
        Root.LastIndexOf("/cases/", StringComparison.Ordinal) is >= 0 and var at
            ? Root[(at + "/cases/".Length)..]
            : Path.GetFileName(Root);

    /// <summary>The plan that was carried out.</summary>
    public string Plan => In("plan.json");

    /// <summary>What happened, state by state. See <see cref="CycleLog"/>.</summary>
    public string Cycle => In("cycle.json");

    /// <summary>The verdict with all findings.</summary>
    public string Verdict => In("verdict.json");

    /// <summary>Digests of all that is judged. See <see cref="EvidenceSeal"/>.</summary>
    public string Seal => In("evidence.sha256");

    /// <summary>The trace of an exception that nobody expected; not there where there was none.</summary>
    public string InternalError => In("internal-error.txt");

    /// <summary>QEMU commands that do the case again without PstoreLab.</summary>
    public string Repro => In("repro.sh");

    /// <summary>The store, live while a guest runs.</summary>
    public string Store => In(Backends.StoreTemplate.FileName);

    /// <summary>The store as it was before the first boot.</summary>
    public string StoreBefore => In("store.before");

    /// <summary>The store of a backend that is not judged, live while a guest runs.</summary>
    public string Other(OtherStore store) => In(store.File);

    /// <summary>The same as it was before the first boot.</summary>
    public string OtherBefore(OtherStore store) => In($"{store.File}.before");

    /// <summary>Everything of one boot.</summary>
    public BootFolder Boot(BootNumber number) => new(In($"boot-{number}"));

    /// <summary>The files of <c>/sys/fs/pstore</c> as one inspection saw them.</summary>
    public string Records(InspectionNumber number) => In($"records-{number}");

    /// <summary>
    /// The store at the moment of that inspection; only of a guest that shows its own records
    /// (<see cref="PlannedBoot.ShowsItsOwn"/>).
    /// </summary>
    public string StoreShown(InspectionNumber number) => In($"records-{number}.store");

    /// <summary>What one inspection of a systemd guest brought. See <see cref="SystemdSnapshot"/>.</summary>
    public string Systemd(InspectionNumber number) => In($"systemd-{number}.tar");

    /// <summary>How a command in a systemd guest ended: a line with its exit code, then all that it said.</summary>
    public string Run(int number) => In($"run-{number}.log");

    /// <summary>What a damage did to the store. See <see cref="Damages.DamageLog"/>.</summary>
    public string Damage(int number) => In($"damage-{number}.json");

    private string In(string name) => Path.Combine(Root, name);
}

/// <summary>Everything of one boot.</summary>
public sealed record BootFolder(string Root)
{
    /// <summary>What the kernel printed on its console, byte for byte.</summary>
    public string Console => Path.Combine(Root, "console.log");

    /// <summary>
    /// What a capture kernel (crash kernel) printed there, when the kernel of this boot had died; absent when none
    /// booted.
    /// </summary>
    public string CrashConsole => Path.Combine(Root, "crash-kernel.log");

    /// <summary>
    /// What a capture kernel found in <c>/proc/vmcore</c>; absent when none looked. See <see cref="VmcoreSnapshot"/>.
    /// </summary>
    public string Vmcore => Path.Combine(Root, "vmcore");

    /// <summary>What a machine is restored from over variables of its own; gone when it runs.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>Where QEMU writes the console of all boots of one process; gone when it has been taken apart.</summary>
    public string RawConsole => Path.Combine(Root, "console.raw");

    /// <summary>Frames between harness and agent, both ways.</summary>
    public string Agent => Path.Combine(Root, "agent.log");

    /// <summary>The private key that logs in to a systemd guest at this boot.</summary>
    public string ClientKey => Path.Combine(Root, "ssh-client");

    /// <summary>The private key of a systemd guest's SSH server at this boot.</summary>
    public string HostKey => Path.Combine(Root, "ssh-host");

    /// <summary>QMP messages, both ways; of the QEMU process, so only at its first boot.</summary>
    public string Qmp => Path.Combine(Root, "qmp.log");

    /// <summary>What QEMU itself printed.</summary>
    public string Qemu => Path.Combine(Root, "qemu.log");

    /// <summary>QEMU's command line, as started.</summary>
    public string Command => Path.Combine(Root, "command.txt");

    /// <summary>The store as this boot left it.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>The store of a backend that is not judged, as this boot left it.</summary>
    public string Other(OtherStore store) => Path.Combine(Root, store.File);

    /// <summary>
    /// The store after it was damaged on purpose, as the next boot found it; not there when it was not damaged.
    /// </summary>
    public string DamagedStore => Path.Combine(Root, "store.damaged");
}
