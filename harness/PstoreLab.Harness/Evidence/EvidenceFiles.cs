using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Evidence;

/// <summary>The files of a case that its verdict rests on. All others may change or go.</summary>
internal static class EvidenceFiles
{
    /// <summary>Those that are there, each once.</summary>
    /// <exception cref="Faults.EvidenceException">One is no plain file.</exception>
    public static IReadOnlyList<string> Of(Plan plan, CaseFolder folder) =>
        [
            .. Files(plan, folder).Where(EvidenceReader.IsKept),
            .. Folders(plan, folder)
                .Where(EvidenceReader.IsFolderKept)
                .SelectMany(path => EvidenceReader.Names(path).Select(name => Path.Combine(path, name))),
        ];

    private static IEnumerable<string> Files(Plan plan, CaseFolder folder) =>
        [
            folder.Plan,
            folder.Cycle,
            folder.StoreBefore,
            .. plan.Others.Select(folder.Other),
            .. plan.Boots.SelectMany(boot => Files(folder.Boot(boot.Number))),
            .. plan.Steps.SelectMany(step => Files(step, folder)),
        ];

    private static IEnumerable<string> Files(BootFolder boot) =>
        [boot.Console, boot.CrashConsole, boot.Store, boot.DamagedStore];

    private static IEnumerable<string> Files(PlanStep step, CaseFolder folder) =>
        step switch
        {
            Inspect inspect => [folder.StoreShown(inspect.Number), folder.Systemd(inspect.Number)],
            RunInGuest run => [folder.Run(run.Number)],
            DamageStore damage => [folder.Damage(damage.Number)],
            _ => [],
        };

    private static IEnumerable<string> Folders(Plan plan, CaseFolder folder) =>
        [
            .. plan.Boots.Select(boot => folder.Boot(boot.Number).Vmcore),
            .. plan.Steps.OfType<Inspect>().Select(inspect => folder.Records(inspect.Number)),
        ];
}
