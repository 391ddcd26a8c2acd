using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// The first steps of a plan as an attempt has carried them out, with no guest running behind them: another attempt
/// continues with the stores that they left.
/// </summary>
internal sealed class FirstSteps
{
    private readonly Plan _plan;
    private readonly CycleLog _cycle;
    private readonly CaseFolder _folder;
    private readonly int _count;
    private readonly IReadOnlyList<PlannedBoot> _boots;

    private FirstSteps(Plan plan, CycleLog cycle, CaseFolder folder, int count)
    {
        _plan = plan;
        _cycle = cycle;
        _folder = folder;
        _count = count;
        _boots = plan.First(count);
    }

    /// <summary>Those of a case that has ended.</summary>
    /// <param name="count">So many.</param>
    /// <returns>Null where its evidence does not have them.</returns>
    public static FirstSteps? Of(CaseFolder folder, int count)
    {
        try
        {
            var plan = PlanFile.Read(folder.Plan);
            var cycle = EvidenceJson.Kept<CycleLog>(folder.Cycle);
            EvidenceSeal.Verify(plan, folder);
            return CarriedOut(plan, cycle) >= count ? new FirstSteps(plan, cycle, folder, count) : null;
        }
        catch (EvidenceException)
        {
            return null;
        }
    }

    /// <summary>
    /// Those before the boot in which a guest failed. It is done again from the very same store: the same fault again
    /// is the kernel's, another end was chance.
    /// </summary>
    /// <param name="cycle">What happened in the attempt that failed.</param>
    /// <param name="folder">Where its evidence lies now.</param>
    /// <returns>Null where it failed in the first one.</returns>
    public static FirstSteps? Before(GuestFault fault, Plan plan, CycleLog cycle, CaseFolder folder)
    {
        // A warm boot cannot be done by itself.
        var on = plan.Boots.Take(fault.Boot.Value).Last(boot => !boot.IsWarm);
        int count = plan.Boots.TakeWhile(boot => boot != on).Sum(boot => boot.Steps.Count);
        return count == 0 ? null : new FirstSteps(plan, cycle, folder, count);
    }

    /// <summary>A plan of another case that has the same steps, to be continued behind them.</summary>
    public Plan ContinuedBy(Plan plan) =>
        plan with
        {
            StartsAfter = new StepOfCase(_plan.Case, _count),
            Boots =
            [
                .. plan.Boots.Select(
                    (boot, index) =>
                        index < _boots.Count
                            ? boot with
                            {
                                Steps = [.. _boots[index].Steps, .. boot.Steps.Skip(_boots[index].Steps.Count)],
                            }
                            : boot
                ),
            ],
        };

    /// <summary>Puts their evidence, and the stores that they left, into a staged folder.</summary>
    /// <returns>Where the cycle continues from.</returns>
    public async Task<CycleStart> PutIntoAsync(CaseFolder other, CancellationToken cancellation)
    {
        foreach (string path in _boots.SelectMany(Evidence))
            Copy(Path.Combine(_folder.Root, path), Path.Combine(other.Root, path));
        var last = _folder.Boot(_boots[^1].Number);
        string store = IsDamaged(_boots[^1]) ? last.DamagedStore : last.Store;
        await SparseCopy.CopyAsync(store, other.Store, cancellation);
        foreach (var unused in _plan.Others)
            await SparseCopy.CopyAsync(last.Other(unused), other.Other(unused), cancellation);
        return new CycleStart(_count, Log());
    }

    private static int CarriedOut(Plan plan, CycleLog cycle) =>
        cycle switch
        {
            { Ending: CycleEnding.Completed } => plan.Steps.Count(),
            { Ending: CycleEnding.Product, Fault: { } fault } => plan.Boots.Take(fault.Boot.Value - 1)
                .Sum(boot => boot.Steps.Count)
                + fault.Step
                - 1,
            _ => 0,
        };

    private CycleLog Log() =>
        new(CycleEnding.Completed, null, [.. _cycle.Boots.Take(_boots.Count)], [.. Transitions()])
        {
            BackendAt = Kept(
                _cycle.BackendAt,
                _boots.SelectMany(boot => boot.Steps.OfType<Inspect>()),
                one => one.Number
            ),
            StoreBegun = Kept(
                _cycle.StoreBegun,
                _boots.SelectMany(boot => boot.Steps.OfType<CutPower>()),
                one => one.Number
            ),
        };

    /// <summary>Up to the boot behind them.</summary>
    private IEnumerable<Transition> Transitions()
    {
        int ready = 0;
        return _cycle.Transitions.TakeWhile(transition =>
        {
            ready += transition.State == CycleState.Ready ? 1 : 0;
            return ready < _boots.Count || transition.State is not (CycleState.Restoring or CycleState.Booting);
        });
    }

    private static Dictionary<TKey, TValue> Kept<TKey, TValue, TStep>(
        IReadOnlyDictionary<TKey, TValue> all,
        IEnumerable<TStep> steps,
        Func<TStep, TKey> key
    )
        where TKey : notnull => steps.Select(key).Where(all.ContainsKey).ToDictionary(one => one, one => all[one]);

    private static bool IsDamaged(PlannedBoot boot) => boot.Steps.Any(step => step is DamageStore);

    /// <summary>What the steps of a boot have left, relative to the case folder.</summary>
    private IEnumerable<string> Evidence(PlannedBoot boot)
    {
        var relative = new CaseFolder("");
        var files = relative.Boot(boot.Number);
        string damaged = Path.GetFileName(files.DamagedStore);
        return
        [
            .. Directory
                .EnumerateFileSystemEntries(_folder.Boot(boot.Number).Root)
                .Select(path => Path.GetFileName(path))
                .Where(name => name != damaged || IsDamaged(boot))
                .Select(name => Path.Combine(files.Root, name)),
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
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (File.Exists(from))
            Staging.Link(from, to);
        if (!Directory.Exists(from))
            return;
        Directory.CreateDirectory(to);
        foreach (string entry in Directory.EnumerateFileSystemEntries(from))
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
    }
}
