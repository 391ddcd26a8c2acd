using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Crashes;

/// <summary>The ways to crash there are.</summary>
public static class CrashCatalogue
{
    public static IReadOnlyList<ICrash> All { get; } = [new SysrqCrash(), new OopsCrash(), new NoCrash()];

    public static ICrash Get(string name) =>
        All.FirstOrDefault(crash => crash.Name == name)
        ?? throw new UsageException($"there is no way to crash called '{name}'; there are {string.Join(", ", All.Select(crash => crash.Name))}");
}
