using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>Plans the crashes of a case: each writes marker lines with a nonce of its own first.</summary>
/// <param name="images">By name, every kernel that may die.</param>
/// <param name="backend">The one that is judged.</param>
/// <param name="nonce">A fresh nonce at every call.</param>
/// <param name="before">The steps before it.</param>
internal sealed class CrashPlanner(
    IReadOnlyDictionary<string, BootImage> images,
    IBackend backend,
    Func<string> nonce,
    PlannedSteps before
)
{
    /// <summary>
    /// How long a healthy kernel may take to write what it has kept back, in seconds: pstore_blk looks twice a second.
    /// </summary>
    private const int LongestWrite = 20;

    /// <exception cref="UnsupportedException">The kernel cannot die this way.</exception>
    /// <exception cref="UsageException">There is no such way, or it takes no processor.</exception>
    public IReadOnlyList<PlanStep> Crash(CrashStep step, BootSettings settings)
    {
        var way = CrashCatalogue.Get(step.Way);
        var mark = NextMark(step.Markers);
        if (way.Request is null || CrashCatalogue.SignOf(way, step.Survived) is not { } sign)
            return [mark];
        KernelNeeds.RequireToCrash(images[settings.Kernel], way);
        if (step.Processor is not null && way.Cause != CrashCause.Agent)
            throw new UsageException(
                $"{step.Source}: the crash '{way.Name}' comes from the machine, which takes no cpu for it; "
                    + "leave 'cpu' out"
            );
        PlanStep[] wait = step.At is { } moment ? [new Ask($"await-second {moment.Second} {moment.Of}")] : [];
        string request = step.Processor is null ? way.Request : $"on {step.Processor} {way.Request}";
        return
        [
            mark,
            .. wait,
            .. step.Survived
                ? Survived(new Oops(mark.Number, way.Name, request, sign), mark)
                : Fatal(
                    new Crash(mark.Number, way.Name, request, sign)
                    {
                        Cause = way.Cause,
                        End = way.End,
                        NewestLine = way.NewestLine,
                    },
                    mark,
                    settings
                ),
        ];
    }

    /// <exception cref="UnsupportedException">The kernel cannot die this way.</exception>
    /// <exception cref="UsageException">There is no such way, or the guest does not set it off.</exception>
    public IReadOnlyList<PlanStep> CutPower(PowerCutStep step, BootSettings settings)
    {
        var way = CrashCatalogue.Get(step.During);
        KernelNeeds.RequireToCrash(images[settings.Kernel], way);
        if (way.Cause != CrashCause.Agent)
            throw new UsageException(
                $"{step.Source}: a power cut during '{way.Name}' is not known here; expected a crash that "
                    + "the guest sets off"
            );
        var mark = NextMark(step.Markers);
        return
        [
            mark,
            step.Seed is { } seed
                ? new CutPower(mark.Number, way.Request, way.Sign, CutPoint.Draw(seed, mark.Number))
                : new CutPower(mark.Number, way.Request, step.After),
        ];
    }

    private Mark NextMark(int count) => new(before.Crashes + 1, nonce(), count);

    private IReadOnlyList<PlanStep> Survived(Oops oops, Mark mark) =>
        backend.WritesLater ? [oops, new AwaitStore(mark.Number, mark.Nonce, LongestWrite)] : [oops];

    private IReadOnlyList<PlanStep> Fatal(Crash crash, Mark mark, BootSettings settings) =>
        !settings.LoadsCrashKernel || crash.Sign != CrashCatalogue.Panic ? [crash]
        : settings.CrashKernel == CrashKernel.Loaded ? [crash with { TakenOver = true }, new KeepVmcore(before.Boots)]
        : [crash with { TakenOver = true }, .. OfCrashKernel(mark)];

    // Its own nonce tells what it may write from what the kernel before it wrote.
    private IReadOnlyList<PlanStep> OfCrashKernel(Mark mark)
    {
        var way = new SysrqCrash();
        var own = mark with { Number = mark.Number + 1, Nonce = nonce() };
        return [own, new Crash(own.Number, way.Name, way.Request, way.Sign)];
    }
}
