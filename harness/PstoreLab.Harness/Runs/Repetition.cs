using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Does the boot again in which a guest failed, from the very same store: the same fault again is the kernel's, another
/// end was chance.
/// </summary>
/// <param name="plan">The plan of the attempt that failed, with its nonces.</param>
/// <param name="cycle">What happened in it.</param>
/// <param name="fault">How its guest failed.</param>
internal sealed class Repetition(Plan plan, CycleLog cycle, GuestFault fault)
{
    /// <summary>The boots before the QEMU in which the guest failed: a warm boot cannot be begun by itself.</summary>
    private readonly PlannedBoot[] _before =
    [
        .. plan.Boots.Take(plan.Boots.Take(fault.Boot.Value).Select((boot, index) => boot.IsWarm ? 0 : index).Max()),
    ];

    /// <summary>Puts the evidence of the boots before, and the stores that they left, into a staged folder.</summary>
    /// <param name="previous">Where the attempt's evidence lies now.</param>
    /// <returns>Where the cycle continues from; null for the beginning.</returns>
    public CycleStart? Prepare(CaseFolder previous, CaseFolder folder)
    {
        if (_before.Length == 0)
            return null;
        foreach (string path in _before.SelectMany(Evidence))
            Copy(Path.Combine(previous.Root, path), Path.Combine(folder.Root, path));
        var last = previous.Boot(_before[^1].Number);
        File.Copy(File.Exists(last.DamagedStore) ? last.DamagedStore : last.Store, folder.Store, overwrite: true);
        foreach (var other in plan.Others)
            File.Copy(last.Other(other), folder.Other(other), overwrite: true);
        return new CycleStart(cycle.BegunBy, _before.Sum(boot => boot.Steps.Count), Log());
    }

    private CycleLog Log() =>
        new(CycleEnding.Completed, null, [.. cycle.Boots.Take(_before.Length)], [new Transition(CycleState.Off, 0)])
        {
            BackendAt = Kept(
                cycle.BackendAt,
                _before.SelectMany(boot => boot.Steps.OfType<Inspect>()),
                one => one.Number
            ),
            StoreBegun = Kept(
                cycle.StoreBegun,
                _before.SelectMany(boot => boot.Steps.OfType<CutPower>()),
                one => one.Number
            ),
        };

    private static Dictionary<TKey, TValue> Kept<TKey, TValue, TStep>(
        IReadOnlyDictionary<TKey, TValue> all,
        IEnumerable<TStep> steps,
        Func<TStep, TKey> key
    )
        where TKey : notnull => steps.Select(key).Where(all.ContainsKey).ToDictionary(one => one, one => all[one]);

    /// <summary>What the steps of a boot have left, relative to the case folder.</summary>
    private static IEnumerable<string> Evidence(PlannedBoot boot)
    {
        var relative = new CaseFolder("");
        return
        [
            relative.Boot(boot.Number).Root,
            .. boot.Steps.SelectMany(
                IEnumerable<string> (step) =>
                    step switch
                    {
                        Inspect inspect =>
                        [
                            relative.Records(inspect.Number),
                            relative.StoreShown(inspect.Number),
                            relative.Systemd(inspect.Number),
                        ],
                        RunInGuest run => [relative.Run(run.Number)],
                        DamageStore damage => [relative.Damage(damage.Number)],
                        _ => [],
                    }
            ),
        ];
    }

    // Nobody writes to it any more.
    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
            Staging.Link(from, to);
        if (!Directory.Exists(from))
            return;
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            Staging.Link(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
