using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>Which backend pstore had taken, by <c>pstore_register</c> in fs/pstore/platform.c, 5.10 to 7.2.</summary>
/// <remarks>
/// The parameter that tells it holds what it was set to, until some backend registers: a name that no backend has
/// stands there as well.
/// </remarks>
internal sealed class RegisteredBackends(AttemptEvidence evidence)
{
    // What is said of one that is taken, behind its name.
    private const string Words = "as persistent store backend";

    /// <summary>
    /// Its name, when that boot's guest was last asked; null for none, and for a boot that never came up.
    /// </summary>
    public string? Of(BootNumber boot) => Registered(evidence.Observed(boot)?.Backend, boot);

    /// <summary>Its name at an inspection; null for none.</summary>
    public string? At(Inspection inspection) =>
        evidence.Cycle.BackendAt.TryGetValue(inspection.Number, out string? name)
            ? Registered(name, inspection.Boot.Number)
            : Of(inspection.Boot.Number);

    /// <summary>
    /// What the kernel of that boot said of a backend whose name is not the one that it was told to use: it then shows
    /// nothing of what the store holds. In the words of 5.10 and 6.1, or of 6.12 and 7.2. Null when it registered one,
    /// or refused none.
    /// </summary>
    public string? RefusalOf(BootNumber boot) =>
        evidence.ConsoleOf(boot) is var console && console.LineWith(Words) is not null
            ? null
            : console.LineWith("ignoring unexpected backend '") ?? console.LineWith("already in use: ignoring '");

    private string? Registered(string? told, BootNumber boot) =>
        told is not null
        && (
            evidence.Plan.BootOf(boot).Parameters.GetValueOrDefault("pstore.backend") != told
            || evidence.ConsoleOf(boot).LineWith($"pstore: Registered {told} {Words}") is not null
        )
            ? told
            : null;
}
