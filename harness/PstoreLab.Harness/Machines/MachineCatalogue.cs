using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Machines;

/// <summary>The machines there are.</summary>
public static class MachineCatalogue
{
    /// <summary>The machine of a scenario that names none.</summary>
    public static IMachine Default { get; } = new PcMachine();

    public static IReadOnlyList<IMachine> All { get; } = [Default];

    public static IMachine Get(string name) =>
        All.FirstOrDefault(machine => machine.Name == name)
        ?? throw new UsageException(
            $"there is no machine '{name}'; there are {string.Join(", ", All.Select(machine => machine.Name))}"
        );
}
