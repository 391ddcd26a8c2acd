using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// What boots that came to their end must have left, whatever their kernels did. Where it is missing, or cannot be as
/// it is, nothing can be said of the kernel.
/// </summary>
internal static class RequiredEvidence
{
    /// <param name="boots">The boots whose steps were all carried out.</param>
    /// <exception cref="EvidenceException">Something is missing, empty, or of the wrong length.</exception>
    public static void Require(AttemptEvidence evidence, IReadOnlyList<PlannedBoot> boots)
    {
        if (boots.Count > 0)
            Store(evidence.Folder.StoreBefore, evidence.Plan.Store.Size);
        foreach (var boot in boots)
            Require(evidence, boot);
        if (boots.Count == evidence.Plan.Boots.Count)
        {
            foreach (var other in evidence.Plan.Others)
                Store(evidence.Folder.Other(other), other.Store.Size);
        }
    }

    private static void Require(AttemptEvidence evidence, PlannedBoot boot)
    {
        var folder = evidence.Folder;
        if (evidence.Observed(boot.Number) is null)
            throw new EvidenceException(folder.Cycle, $"does not have boot {boot.Number}, which was carried out");
        Text(folder.Boot(boot.Number).Console);
        foreach (var step in boot.Steps)
            Require(step, boot, evidence);
    }

    private static void Require(PlanStep step, PlannedBoot boot, AttemptEvidence evidence)
    {
        var (folder, kept) = (evidence.Folder, evidence.Folder.Boot(boot.Number));
        switch (step)
        {
            case Inspect inspect:
                _ = EvidenceReader.Names(folder.Records(inspect.Number));
                if (evidence.Plan.IsSystemdAt(boot.Number))
                    Text(folder.Systemd(inspect.Number));
                if (boot.ShowsItsOwn)
                    Store(folder.StoreShown(inspect.Number), evidence.Plan.Store.Size);
                break;
            case RunInGuest run:
                Text(folder.Run(run.Number));
                break;
            case DamageStore damage:
                Text(folder.Damage(damage.Number));
                Store(kept.DamagedStore, evidence.Plan.Store.Size);
                break;
            case Crash { BootsCaptureKernel: true }:
                Text(kept.CrashConsole);
                break;
            case KeepVmcore:
                _ = EvidenceReader.Names(kept.Vmcore);
                Store(kept.Store, evidence.Plan.Store.Size);
                break;
            case CutPower { Point.Lines: null } cut when !evidence.Cycle.StoreBegun.ContainsKey(cut.Number):
                throw new EvidenceException(
                    folder.Cycle,
                    $"does not say whether power cut {cut.Number} was in a write"
                );
            case Crash or CutPower or Reboot or PowerOff:
                Store(kept.Store, evidence.Plan.Store.Size);
                break;
        }
    }

    private static void Text(string path)
    {
        if (EvidenceReader.Length(path) == 0)
            throw new EvidenceException(path, "is empty");
    }

    private static void Store(string path, long size)
    {
        if (EvidenceReader.Length(path) is var length && length != size)
            throw new EvidenceException(path, $"has {length} bytes, and the store has {size}");
    }
}
