using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>Which backend pstore had taken, by <c>pstore_register</c> in fs/pstore/platform.c, 5.10 to 7.2.</summary>
/// <remarks>
/// The parameter <c>pstore.backend</c> reports it, but holds whatever it was set to until a backend registers: also a
/// name that no backend has.
/// </remarks>
internal sealed class RegisteredBackends(AttemptEvidence evidence)
{
    // The kernel prints it behind the name of the backend that it registers.
    private const string RegistrationMessage = "as persistent store backend";

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
    /// The message with which the kernel of that boot refused a backend that is not the one named in
    /// <c>pstore.backend</c>: it then shows no record of the store. Worded as in 5.10 and 6.1, or in 6.12 and 7.2.
    /// Null when it registered one, or refused none.
    /// </summary>
    public string? RefusalOf(BootNumber boot) =>
        evidence.ConsoleOf(boot) is var console && console.LineWith(RegistrationMessage) is not null
            ? null
            : console.LineWith("ignoring unexpected backend '") ?? console.LineWith("already in use: ignoring '");

    private string? Registered(string? reported, BootNumber boot) =>
        reported is not null
        && (
            evidence.Plan.BootOf(boot).Parameters.GetValueOrDefault("pstore.backend") != reported
            || evidence.ConsoleOf(boot).LineWith($"pstore: Registered {reported} {RegistrationMessage}") is not null
        )
            ? reported
            : null;
}
