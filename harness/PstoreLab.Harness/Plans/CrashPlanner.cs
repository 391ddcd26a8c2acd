using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>Plans the crashes of a case: each writes marker lines with a nonce of its own first.</summary>
/// <param name="images">By name, every kernel that may die.</param>
/// <param name="backend">The one that is judged.</param>
/// <param name="nonce">A fresh nonce at every call.</param>
/// <param name="before">The steps before it.</param>
internal sealed class CrashPlanner(
    IMachine machine,
    IReadOnlyDictionary<string, BootImage> images,
    IBackend backend,
    Func<string> nonce,
    PlannedBoots before
)
{
    /// <summary>
    /// How long a healthy kernel may take to write what it has kept back, in seconds: pstore_blk looks twice a second.
    /// </summary>
    private const int LongestWrite = 20;

    /// <exception cref="UnsupportedException">The kernel cannot die this way, or write marker lines.</exception>
    /// <exception cref="UsageException">There is no such way, or it takes no processor.</exception>
    public IReadOnlyList<PlanStep> Crash(CrashStep step, BootSettings settings)
    {
        var trigger = CrashCatalogue.Get(step.Trigger);
        KernelNeeds.RequireToMark(settings, step.Source);
        var mark = NextMark(step.Markers);
        if (trigger.Request is null || CrashCatalogue.PatternOf(trigger, step.Survived) is not { } pattern)
            return [mark];
        KernelNeeds.RequireToCrash(machine, images[settings.Kernel], trigger);
        if (step.Processor is not null && trigger.Cause != TriggerSource.Agent)
            throw new UsageException(
                $"{step.Source}: the crash '{trigger.Name}' comes from the machine, which takes no cpu for it; "
                    + "leave 'cpu' out"
            );
        PlanStep[] wait = step.At is { } moment
            ? [new Ask(new AgentRequest.AwaitSecond(moment.Second, moment.Of))]
            : [];
        var request =
            trigger.Cause == TriggerSource.Agent ? new AgentRequest.Trigger(trigger.Request, step.Processor) : null;
        return
        [
            mark,
            .. wait,
            .. step.Survived
                ? Survived(
                    new Oops(mark.Number, trigger.Name, request!, pattern)
                    {
                        Times = step.Processor == CrashStep.AllProcessors ? settings.Cpus : 1,
                    },
                    mark
                )
                : Fatal(
                    new Crash(mark.Number, trigger.Name, request, request is null ? trigger.Request : null, pattern)
                    {
                        End = trigger.End,
                        LastLine = trigger.LastLine,
                    },
                    mark,
                    settings
                ),
        ];
    }

    /// <exception cref="UnsupportedException">The kernel cannot die this way, or write marker lines.</exception>
    /// <exception cref="UsageException">There is no such way, or the guest does not set it off.</exception>
    public IReadOnlyList<PlanStep> CutPower(PowerCutStep step, BootSettings settings)
    {
        var trigger = CrashCatalogue.Get(step.During);
        KernelNeeds.RequireToCrash(machine, images[settings.Kernel], trigger);
        if (trigger.Cause != TriggerSource.Agent)
            throw new UsageException(
                $"{step.Source}: a power cut during '{trigger.Name}' is not known here; expected a crash that "
                    + "the guest sets off"
            );
        KernelNeeds.RequireToMark(settings, step.Source);
        var mark = NextMark(step.Markers);
        var request = trigger.Request is null ? null : new AgentRequest.Trigger(trigger.Request);
        return
        [
            mark,
            step.Seed is { } seed
                ? new CutPower(mark.Number, request, trigger.ConsolePattern, CutPoint.Draw(seed, mark.Number.Value))
                : new CutPower(mark.Number, request, step.After),
        ];
    }

    private Mark NextMark(int count) => new(new CrashNumber(before.Crashes + 1), nonce(), count);

    private IReadOnlyList<PlanStep> Survived(Oops oops, Mark mark) =>
        backend.WritesLater
            ? [oops, new AwaitStore(mark.Number, mark.Nonce, LongestWrite) { Records = oops.Times }]
            : [oops];

    private IReadOnlyList<PlanStep> Fatal(Crash crash, Mark mark, BootSettings settings) =>
        !settings.LoadsCaptureKernel || crash.ConsolePattern != CrashCatalogue.Panic ? [crash]
        : settings.CaptureKernel == CaptureKernel.Loaded ? [crash with { BootsCaptureKernel = true }, new KeepVmcore()]
        : [crash with { BootsCaptureKernel = true }, .. OfCaptureKernel(mark)];

    // Its own nonce separates its records from those of the kernel before it.
    private IReadOnlyList<PlanStep> OfCaptureKernel(Mark mark)
    {
        var trigger = new SysrqCrash();
        var own = mark with { Number = new CrashNumber(mark.Number.Value + 1), Nonce = nonce() };
        var request = new AgentRequest.Trigger(trigger.Request);
        return [own, new Crash(own.Number, trigger.Name, request, null, trigger.ConsolePattern)];
    }
}
