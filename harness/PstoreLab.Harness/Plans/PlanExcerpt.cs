using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Plans;

/// <summary>The beginning of a plan, for somebody who wants to be in the guest at that point.</summary>
public static class PlanExcerpt
{
    /// <summary>The first boot, with its modules loaded and pstore mounted.</summary>
    public const string Ready = "ready";

    private const string Stub = "-gdb";
    private const string BeforeCrash = "before-crash";
    private const string AfterRestart = "after-restart";

    /// <summary>What a point can be, for messages.</summary>
    public const string Points = $"{Ready}, {BeforeCrash}, {AfterRestart} or the number of a step of `explain`";

    /// <summary>Checks what can be checked of a point without a plan.</summary>
    /// <exception cref="UsageException">It can be none.</exception>
    public static void Check(string point)
    {
        if (point is not (Ready or BeforeCrash or AfterRestart) && !int.TryParse(point, out _))
            throw new UsageException($"--at {point}: expected {Points}");
    }

    /// <summary>Its first steps, up to a point at which a guest runs.</summary>
    /// <param name="point">One of <see cref="Points"/>.</param>
    /// <exception cref="UsageException">There is no such point, or no guest runs there.</exception>
    public static Plan UpTo(Plan plan, string point)
    {
        PlanStep[] steps = [.. plan.Steps];
        int count = CountOf(plan, steps, point);
        if (!HasGuest(steps.Take(count)))
        {
            var alive = Enumerable.Range(1, steps.Length).Where(number => HasGuest(steps.Take(number)));
            throw new UsageException(
                $"--at {point}: behind that step of {plan.Case} no guest runs; one does behind step "
                    + string.Join(", ", alive)
            );
        }

        return plan with
        {
            Boots = Surviving(plan.First(count)),
        };
    }

    /// <summary>Its last boot alone, as a cold one over another store.</summary>
    /// <param name="store">The file.</param>
    public static Plan Over(Plan plan, string store)
    {
        var last = plan.Boots[^1];
        var boot = plan.Boots.Last(boot => !boot.IsWarm);
        // The disk that a boot before would have left is not there.
        if (On(boot).Systemd is { } systemd && plan.Files.All(file => file.Name != systemd.Under))
            last = boot = plan.Boots.First(other => !other.IsWarm && On(other).Systemd?.Name == systemd.Name);

        return plan with
        {
            Store = plan.Store with { Given = store },
            Boots = Surviving([
                last with
                {
                    Number = boot.Number,
                    Steps = [On(boot) with { FindsGivenStore = true }, .. last.Steps.Skip(1).TakeWhile(IsOfBoot)],
                },
            ]),
        };
    }

    /// <summary>Has QEMU open a stub for a debugger before the last guest's first instruction.</summary>
    /// <param name="socket">The name of its socket in the case folder.</param>
    public static Plan WithDebugger(Plan plan, string socket) =>
        plan with
        {
            Boots = WithLast(
                plan.Boots,
                on => on with { Machine = [.. on.Machine, Stub, $"unix:{socket},server=on,wait=off", "-S"] }
            ),
        };

    /// <summary>The boot that waits for a debugger; null where none does.</summary>
    public static PlannedBoot? DebuggedBoot(Plan plan) =>
        plan.Boots.FirstOrDefault(boot => boot.Steps[0] is PowerOn on && on.Machine.Contains(Stub));

    private static PowerOn On(PlannedBoot boot) => (PowerOn)boot.Steps[0];

    private static int CountOf(Plan plan, IReadOnlyList<PlanStep> steps, string point)
    {
        Check(point);
        if (int.TryParse(point, out int number))
            return number >= 1 && number <= steps.Count
                ? number
                : throw new UsageException($"--at {number}: {plan.Case} has {steps.Count} steps; see `explain`");
        switch (point)
        {
            case Ready:
                return plan.Boots[0].Steps.TakeWhile(IsOfBoot).Count();
            case BeforeCrash:
                int before = steps.TakeWhile(step => step is not (Crash or Oops or CutPower)).Count();
                return before < steps.Count
                    ? before
                    : throw new UsageException($"--at {point}: there is no crash in {plan.Case}");
            default:
                return plan.Boots.Count > 1
                    ? plan.Boots[0].Steps.Count + plan.Boots[1].Steps.TakeWhile(IsOfBoot).Count()
                    : throw new UsageException($"--at {point}: there is no restart in {plan.Case}");
        }
    }

    /// <summary>Whether a step makes a guest ready for those of the scenario.</summary>
    private static bool IsOfBoot(PlanStep step) =>
        step is PowerOn or WarmBoot or NoteBackend or Ask { Request: AgentRequest.LoadCaptureKernel };

    private static bool HasGuest(IEnumerable<PlanStep> steps) =>
        steps.LastOrDefault(step =>
            step is PowerOn or WarmBoot or Crash or CutPower or PowerOff or DamageStore or Reboot
        )
            is PowerOn
                or WarmBoot
                or Crash { BootsCaptureKernel: true };

    /// <summary>A guest that its user crashes boots again in the last QEMU.</summary>
    private static IReadOnlyList<PlannedBoot> Surviving(IReadOnlyList<PlannedBoot> boots) =>
        WithLast(
            boots,
            on => on with { ExitsOnReset = false, Machine = [.. on.Machine.Where(word => word != "-no-reboot")] }
        );

    private static IReadOnlyList<PlannedBoot> WithLast(IReadOnlyList<PlannedBoot> boots, Func<PowerOn, PowerOn> change)
    {
        PlannedBoot[] changed = [.. boots];
        ref var last = ref changed[LastIndex(boots)];
        last = last with { Steps = [change(On(last)), .. last.Steps.Skip(1)] };
        return changed;
    }

    private static int LastIndex(IReadOnlyList<PlannedBoot> boots) =>
        Enumerable.Range(0, boots.Count).Last(index => boots[index].Steps[0] is PowerOn);
}
