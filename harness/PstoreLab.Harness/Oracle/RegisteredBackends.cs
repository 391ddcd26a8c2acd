using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>Which backend pstore had taken.</summary>
/// <remarks>
/// The parameter that tells it holds what it was set to, until some backend registers (<c>pstore_register</c> in fs/pstore/platform.c, 5.10 to 7.2): a
/// name that no backend has stands there as well.
/// </remarks>
internal sealed class RegisteredBackends(Plan plan, CaseFolder folder, CycleLog cycle)
{
    /// <summary>Its name, when that boot's guest was last asked; null for none, and for a boot that never came up.</summary>
    public string? Of(int boot) => Registered(cycle.Boots.FirstOrDefault(observed => observed.Number == boot)?.Backend, boot);

    /// <summary>Its name at an inspection; null for none.</summary>
    public string? At(Inspect inspect) => cycle.BackendAt.TryGetValue(inspect.Number, out string? name) ? Registered(name, inspect.Boot) : Of(inspect.Boot);

    private string? Registered(string? told, int boot) =>
        told is not null
        && (plan.BootOf(boot).Parameters.GetValueOrDefault("pstore.backend") != told
            || BootConsole.Of(folder, boot).LineWith($"pstore: Registered {told} as persistent store backend") is not null)
            ? told
            : null;
}
