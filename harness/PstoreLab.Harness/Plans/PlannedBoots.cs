using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>The boots that are planned so far, and what their steps have come to.</summary>
internal sealed class PlannedBoots
{
    private readonly List<PlannedBoot> _boots = [];

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<PlannedBoot> All => _boots;

    /// <summary>The number of the next boot.</summary>
    public BootNumber Next => new(_boots.Count + 1);

    /// <summary>How many crashes there were; the number of the last.</summary>
    public int Crashes => Steps.Count(step => step is Mark);

    /// <summary>Whether a guest runs that is well.</summary>
    public bool GuestIsWell =>
        Steps.LastOrDefault(step => step is PowerOn or WarmBoot or Crash or CutPower or DamageStore)
            is PowerOn
                or WarmBoot;

    /// <summary>Whether QEMU has ended, or its processors are halted for good.</summary>
    public bool MachineIsGone =>
        Steps.LastOrDefault(step => step is not DamageStore) is CutPower or Crash { End: not CrashEnd.Reset };

    /// <summary>The crash whose memory a capture kernel could look at: it leaves none itself.</summary>
    public CrashNumber DumpedCrash =>
        Steps.OfType<Crash>().LastOrDefault(crash => crash.BootsCaptureKernel)?.Number ?? new CrashNumber(Crashes);

    private IEnumerable<PlanStep> Steps => _boots.SelectMany(boot => boot.Steps);

    /// <summary>Whether a checkpoint may stand for a boot of this kernel.</summary>
    public bool HasRestored(string kernel) =>
        _boots.Exists(boot =>
            boot.Kernel == kernel && boot.Steps.OfType<PowerOn>().Any(on => on.Start?.Memory is not null)
        );

    public void Begin(PlannedBoot boot) => _boots.Add(boot);

    /// <summary>Adds steps to the last boot.</summary>
    public void Add(params IEnumerable<PlanStep> steps) =>
        _boots[^1] = _boots[^1] with { Steps = [.. _boots[^1].Steps, .. steps] };

    /// <summary>The number of the next step of its kind, from 1.</summary>
    public int NumberOfNext<T>()
        where T : PlanStep => Steps.Count(step => step is T) + 1;

    /// <summary>The kernel that died in a crash.</summary>
    public string WriterOf(CrashNumber crash) =>
        _boots.First(boot => boot.Steps.Any(step => step is Mark mark && mark.Number == crash)).Kernel;

    /// <summary>The disk that the last boot of a systemd guest has left; null before its first.</summary>
    public string? DiskOf(string guest) =>
        Steps.OfType<PowerOn>().LastOrDefault(on => on.Systemd?.Name == guest)?.Systemd!.Disk;
}
