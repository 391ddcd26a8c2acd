using PstoreLab.Harness.Crashes;

namespace PstoreLab.Harness.Plans;

/// <summary>The steps that are planned so far, and what they have come to.</summary>
internal sealed class PlannedSteps
{
    private readonly List<PlanStep> _steps = [];

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<PlanStep> All => _steps;

    /// <summary>How many boots there were; the number of the newest.</summary>
    public int Boots => _steps.Count(step => step is PowerOn or WarmBoot);

    /// <summary>How many crashes there were; the number of the newest.</summary>
    public int Crashes => _steps.Count(step => step is Mark);

    /// <summary>Whether a guest runs that is well.</summary>
    public bool GuestIsWell =>
        _steps.FindLast(step => step is PowerOn or WarmBoot or Crash or CutPower or DamageStore) is PowerOn or WarmBoot;

    /// <summary>Whether QEMU has ended, or its guest stands still for good.</summary>
    public bool MachineIsGone =>
        _steps.FindLast(step => step is not DamageStore) is CutPower or Crash { End: not CrashEnd.Reset };

    /// <summary>The crash whose memory a crash kernel could look at: that of a crash kernel is no such one.</summary>
    public int DumpedCrash =>
        _steps.OfType<Crash>().LastOrDefault(crash => crash.BootsCaptureKernel)?.Number ?? Crashes;

    public void Add(params IEnumerable<PlanStep> steps) => _steps.AddRange(steps);

    /// <summary>The number of the next step of its kind, from 1.</summary>
    public int NumberOfNext<T>()
        where T : PlanStep => _steps.Count(step => step is T) + 1;

    /// <summary>The kernel that died in a crash.</summary>
    /// <param name="crash">From 1 to <see cref="Crashes"/>.</param>
    public string WriterOf(int crash) =>
        _steps.TakeWhile(step => !(step is Mark mark && mark.Number == crash)).OfType<PowerOn>().Last().Kernel;

    /// <summary>The disk that the newest boot of a systemd guest has left; null before its first.</summary>
    public string? DiskOf(string guest) =>
        _steps.OfType<PowerOn>().LastOrDefault(on => on.Systemd?.Name == guest)?.Systemd!.Disk;
}
