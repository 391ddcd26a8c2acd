namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>A kernel option that something needs.</summary>
/// <param name="Name">The whole name, such as <c>CONFIG_PSTORE_RAM</c>.</param>
/// <param name="BuiltIn">Whether a module will not do.</param>
public sealed record NeededOption(string Name, bool BuiltIn = false)
{
    public bool IsMetBy(KernelConfig config) => BuiltIn ? config.Get(Name) == "y" : config.IsEnabled(Name);
}
