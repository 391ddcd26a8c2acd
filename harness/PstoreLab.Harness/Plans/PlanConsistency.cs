using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// Whether all that a plan speaks of is in it. A planner makes no other, but a plan may come from a file that somebody
/// changed.
/// </summary>
internal static class PlanConsistency
{
    // As of a scenario's steps.
    private const int MostCpus = 8;
    private const int MostMarkers = 10_000;

    /// <summary>The first thing that is not, in a clause; null for none.</summary>
    public static string? FaultOf(Plan plan) =>
        MachineFault(plan)
        ?? StartFault(plan)
        ?? plan.Boots.Select((boot, index) => BootFault(plan, boot, index + 1)).OfType<string>().FirstOrDefault()
        ?? NumberFault(plan)
        ?? CrashFault(plan);

    private static string? MachineFault(Plan plan)
    {
        if (MachineCatalogue.All.All(machine => machine.Name != plan.Machine))
            return $"there is no machine '{plan.Machine}'";
        string[] backends = [plan.Backend, .. plan.Others.Select(other => other.Backend)];
        if (backends.FirstOrDefault(name => BackendCatalogue.All.All(known => known.Name != name)) is { } unknown)
            return $"there is no backend '{unknown}'";
        if (plan.Others.Any(other => other.File.Length == 0 || other.File != Path.GetFileName(other.File)))
            return "a store has no name of its own";
        return plan.Boots.Count == 0 ? "it has no boot" : null;
    }

    private static string? StartFault(Plan plan) =>
        plan.StartsAfter is { } start && (start.Case.Length == 0 || start.Step < 1 || start.Step >= plan.Steps.Count())
            ? $"it starts after step {start.Step} of '{start.Case}' and has {plan.Steps.Count()} steps"
            : null;

    private static string? BootFault(Plan plan, PlannedBoot boot, int number)
    {
        if (boot.Number.Value != number)
            return $"boot {boot.Number} stands where boot {number} belongs";
        if (boot.Steps is not [PowerOn or WarmBoot, ..])
            return $"boot {number} does not begin with one";
        if (plan.Kernels.All(kernel => kernel.Name != boot.Kernel))
            return $"boot {number} boots {boot.Kernel}, which is none of its kernels";
        if (boot.Parameters.FirstOrDefault(parameter => parameter.Value is null) is { Key: not null } parameter)
            return $"boot {number} has no value of {parameter.Key}";
        if (boot.Cpus is < 1 or > MostCpus)
            return $"boot {number} has {boot.Cpus} processors";
        if (boot.Steps.OfType<Oops>().FirstOrDefault(oops => oops.Times != 1 && oops.Times != boot.Cpus) is { } oops)
            return $"boot {number} has {oops.Times} oopses at once and cpus: {boot.Cpus}";
        try
        {
            _ = plan.VersionOf(boot.Kernel);
            _ = plan.StoreOptionsOf(boot);
            return null;
        }
        catch (Exception e) when (e is FormatException or OverflowException or RecordFormatException)
        {
            return $"boot {number}: {e.Message}";
        }
    }

    private static string? NumberFault(Plan plan)
    {
        int[] inspections = [.. plan.Steps.OfType<Inspect>().Select(inspect => inspect.Number.Value)];
        if (!inspections.SequenceEqual(Enumerable.Range(1, inspections.Length)))
            return $"its inspections are numbered {string.Join(", ", inspections)}";
        int[] commands = [.. plan.Steps.OfType<RunInGuest>().Select(run => run.Number)];
        if (commands.Distinct().Count() < commands.Length)
            return $"its commands are numbered {string.Join(", ", commands)}";
        int[] damages = [.. plan.Steps.OfType<DamageStore>().Select(damage => damage.Number)];
        return damages.Distinct().Count() < damages.Length
            ? $"its damages are numbered {string.Join(", ", damages)}"
            : null;
    }

    /// <summary>Each crash is armed before it is set off, and only such a one can have left something.</summary>
    private static string? CrashFault(Plan plan)
    {
        var armed = new HashSet<CrashNumber>();
        foreach (var step in plan.Steps)
        {
            if (step is Mark mark)
            {
                if (mark.Nonce.Length == 0 || mark.Count is < 0 or > MostMarkers)
                    return $"crash {mark.Number} has {mark.Count} marker lines";
                if (!armed.Add(mark.Number))
                    return $"crash {mark.Number} is armed twice";
            }

            CrashNumber[] needed = step switch
            {
                Crash crash => [crash.Number],
                Oops oops => [oops.Number],
                CutPower cut => [cut.Number],
                Inspect inspect => [.. CrashesOf(inspect.Expectation)],
                _ => [],
            };
            if (Unarmed(needed, armed) is { } fault)
                return fault;
        }

        return Unarmed(plan.Known.SelectMany(bug => CrashesOf(bug.Instead)), armed);
    }

    private static string? Unarmed(IEnumerable<CrashNumber> needed, HashSet<CrashNumber> armed) =>
        needed
            .Where(crash => !armed.Contains(crash))
            .Select(crash => $"it speaks of crash {crash}, which is not in it")
            .FirstOrDefault();

    private static IEnumerable<CrashNumber> CrashesOf(Expectation expectation) =>
        [
            .. (expectation.Records ?? []).Concat(expectation.Journal ?? []).Select(record => record.Crash),
            .. (expectation.Archive ?? []).Select(archived => archived.Crash),
            .. expectation.Vmcore is { } vmcore ? [vmcore.Crash] : (CrashNumber[])[],
        ];
}
