using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Checks that must hold also where a bug is known: the store's bytes agree with what is shown of them, each damage was
/// done, each power cut fell into a write, and unused backends received nothing.
/// </summary>
internal static class IntegrityChecks
{
    private const string Layer = "store";

    /// <summary>All checks of a case that came to its end.</summary>
    public static IEnumerable<Finding> Of(AttemptEvidence evidence) =>
        [.. Of(evidence, evidence.Plan.Boots), .. evidence.Plan.Others.Select(other => Unused(other, evidence.Stores))];

    /// <summary>The checks of some of its boots.</summary>
    public static IEnumerable<Finding> Of(AttemptEvidence evidence, IReadOnlyList<PlannedBoot> boots)
    {
        var shown = new StoreAgainstPstorefs(evidence);
        PlanStep[] steps = [.. boots.SelectMany(boot => boot.Steps)];
        return
        [
            .. steps.OfType<DamageStore>().Select(step => Damage(step, evidence.Folder)),
            .. steps.OfType<CutPower>().Where(IsInWrite).Select(cut => Cut(cut, evidence.Cycle)),
            .. evidence.Inspections.Where(inspection => boots.Contains(inspection.Boot)).SelectMany(shown.Findings),
        ];
    }

    private static Finding Damage(DamageStore step, CaseFolder folder)
    {
        var log = EvidenceJson.Kept<DamageLog>(folder.Damage(step.Number));
        return new Finding(
            log.Fault is null,
            Layer,
            log.Fault is null
                ? $"damage {step.Number}: {log.Done}"
                : $"damage {step.Number} could not be done ({log.Done}): {log.Fault}",
            ""
        );
    }

    private static bool IsInWrite(CutPower cut) => cut.Point is { Lines: null };

    /// <summary>A cut in a write that never began has shown nothing.</summary>
    private static Finding Cut(CutPower cut, CycleLog cycle)
    {
        bool began = cycle.StoreBegun.GetValueOrDefault(cut.Number);
        return new Finding(
            began,
            Layer,
            began
                ? $"power cut in crash {cut.Number}: {cut.Point}"
                : $"power cut in crash {cut.Number}: the store never began to change, so nothing was cut off",
            ""
        );
    }

    /// <summary>A backend that pstore did not register must have received no record.</summary>
    private static Finding Unused(OtherStore other, StoreEvidence stores) =>
        stores.Left(other) switch
        {
            { Store: null } unknown => new Finding(false, Layer, unknown.Fault!, ""),
            { Store.Records: [] } => new Finding(true, Layer, $"{other.Backend} beside it received no record", ""),
            { Store.Records: var records } => new Finding(
                false,
                Layer,
                $"{other.Backend} beside it received {records.Count} {(records.Count == 1 ? "record" : "records")}: "
                    + string.Join(", ", records.Select(record => $"{record.Name} ({record.Place})")),
                ""
            ),
        };
}
