using System.Text.Json.Serialization;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// One action of a plan: what it asks of the guest or of QEMU, how it is carried out, how it reads in <c>explain</c>
/// and in <c>repro.sh</c>, and whose fault its failure is. A new step is a file in <c>Steps/</c> and a line here.
/// </summary>
[JsonDerivedType(typeof(PowerOn), "power-on")]
[JsonDerivedType(typeof(WarmBoot), "warm-boot")]
[JsonDerivedType(typeof(Ask), "ask")]
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
public abstract record PlanStep
{
    /// <summary>Whose fault it is when the guest fails at it.</summary>
    /// <param name="boot">The boot it belongs to.</param>
    public virtual Blame Blame(PlannedBoot boot) => Plans.Blame.Product;

    /// <summary>The step for a person: one line, or more with what belongs to it indented.</summary>
    public abstract string Describe(PlannedBoot boot);

    /// <summary>Writes the step's lines of <c>repro.sh</c>.</summary>
    internal abstract void WriteTo(ScriptWriter script);

    /// <summary>Carries the step out.</summary>
    internal abstract Task CarryOutAsync(ICycle cycle, CancellationToken cancellation);
}
