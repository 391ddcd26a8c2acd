using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Crashes;

/// <summary>The crash triggers there are.</summary>
public static class CrashCatalogue
{
    /// <summary>What every panic prints.</summary>
    internal const string Panic = "Kernel panic - not syncing";

    /// <summary>The kernel parameter with which an oops becomes a panic.</summary>
    public static KeyValuePair<string, string> FatalOops { get; } = new("oops", "panic");

    public static IReadOnlyList<ICrashTrigger> All { get; } =
    [
        new SysrqCrash(),
        new OopsCrash(),
        new NmiCrash(),
        new MachineCheckCrash(),
        .. LkdtmCrash.All,
        .. OrderlyEnd.All,
        new NoCrash(),
    ];

    public static ICrashTrigger Get(string name) =>
        All.FirstOrDefault(crash => crash.Name == name)
        ?? throw new UsageException(
            $"there is no crash trigger called '{name}'; there are {string.Join(", ", All.Select(crash => crash.Name))}"
        );

    /// <summary>What the console shows of a crash.</summary>
    /// <param name="survived">Whether the kernel survives it, which it does not with panic_on_oops.</param>
    public static string? PatternOf(ICrashTrigger trigger, bool survived) =>
        trigger.Survived && !survived ? Panic : trigger.ConsolePattern;
}
