using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Kernels.Modules;

/// <summary>The order in which a guest can load modules.</summary>
public static class ModuleOrder
{
    /// <summary>
    /// The requested modules and all they depend on, each after its dependencies and otherwise as requested.
    /// </summary>
    /// <exception cref="UnsupportedException">The kernel has no such module.</exception>
    public static IReadOnlyList<string> Of(Kernel kernel, IReadOnlyList<string> requested)
    {
        var order = new List<string>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in requested)
            Visit(name, neededBy: null);
        return order;

        void Visit(string name, string? neededBy)
        {
            if (!visited.Add(name))
                return;
            if (!kernel.Modules.TryGetValue(name, out var path))
            {
                throw new UnsupportedException(
                    $"The kernel {kernel.Name} ({kernel.Version}) has no module "
                        + $"{name}{(neededBy is null ? "" : $", which {neededBy} needs")}."
                );
            }
            foreach (var dependency in ModuleInfo.DependsOf(path))
                Visit(dependency, name);
            order.Add(name);
        }
    }
}
