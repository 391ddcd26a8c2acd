using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// Where a parameter goes: to the module that is loaded, or to the kernel's command line. busybox <c>insmod</c> does
/// not read the command line, so a module's parameters must be handed to it.
/// </summary>
internal sealed record ParameterRouting(IReadOnlyList<string> KernelArguments, IReadOnlyList<AgentRequest.Load> Loads)
{
    /// <param name="parameters"><c>module.parameter</c> or a plain kernel argument, to its value; an empty value is a
    /// plain word.</param>
    /// <param name="modules">The modules to load, in order.</param>
    public static ParameterRouting Of(IReadOnlyDictionary<string, string> parameters, IReadOnlyList<string> modules)
    {
        var arguments = new List<string>();
        var perModule = modules.ToDictionary(module => module, _ => new List<string>());
        foreach (var (name, value) in parameters)
        {
            var (module, parameter) = Split(name);
            var own = module is null ? null : perModule.GetValueOrDefault(module);
            if (own is not null && value.Contains(' '))
                throw new UsageException(
                    $"{name}: the guest loads {module} with words that have no blank in them, and the value is {value}"
                );
            if (own is not null)
                own.Add($"{parameter}={value}");
            else
                arguments.Add(value.Length == 0 ? name : $"{name}={value}");
        }

        return new ParameterRouting(
            arguments,
            [.. modules.Select(module => new AgentRequest.Load(module, perModule[module]))]
        );
    }

    private static (string? Module, string Parameter) Split(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (null, name) : (name[..dot].Replace('-', '_'), name[(dot + 1)..]);
    }
}
