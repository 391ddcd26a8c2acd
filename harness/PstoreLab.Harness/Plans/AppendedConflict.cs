using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>What a user appends to the kernel's command line, against what is set there already.</summary>
internal static class AppendedConflict
{
    /// <exception cref="UsageException">A parameter is set by the scenario, by a backend or for every
    /// guest.</exception>
    public static void Refuse(Case @case, MachineStores stores)
    {
        foreach (string name in @case.Appended.Keys)
        {
            if (Owner(name, @case, stores) is { } owner)
                throw new UsageException(
                    $"--append: '{name}' is set {owner}; leave it out, or write a scenario of your own that sets it"
                );
        }
    }

    private static string? Owner(string name, Case @case, MachineStores stores)
    {
        if (Has(@case.Parameters.Keys, name))
            return $"by the scenario ({@case.Source})";
        foreach (var step in @case.Steps)
        {
            var options = step switch
            {
                BootStep boot => boot.Options,
                RestartStep restart => restart.Options,
                _ => BootOptions.None,
            };
            if (Has(options.Parameters.Keys, name))
                return $"by the scenario ({step.Source})";
            if (options.CaptureKernel is not null && Has([CaptureKernelNeeds.Parameter], name))
                return $"for the capture kernel ({step.Source})";
        }

        if (Has(stores.Attached.Parameters.Select(parameter => parameter.Key), name))
            return $"by the backend's store ({@case.Id})";
        if (Has(CrashParameters.For(@case.Steps).Keys, name))
            return $"for a crash trigger of {@case.Id}";
        return Has(MachineArguments.ParametersOf(stores.Machine, @case.SystemdGuests.Count > 0), name)
            ? "for every guest"
            : null;
    }

    private static bool Has(IEnumerable<string> names, string name) =>
        names.Any(other => AppendedParameters.IsSame(other, name));
}
