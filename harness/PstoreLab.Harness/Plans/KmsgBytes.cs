using System.Globalization;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// How much of the log's end pstore keeps of a dump, in stored bytes: <c>pstore_dump</c> in fs/pstore/platform.c, 5.10
/// to 7.2, writes one part after another until they are that many.
/// </summary>
internal static partial class KmsgBytes
{
    // CONFIG_PSTORE_DEFAULT_KMSG_BYTES of fs/pstore/Kconfig, 5.10 to 7.2, and what it was before it was an option.
    private const long Default = 10240;

    // Earlier ones have the mount option alone (fs/pstore/platform.c, 6.1 and 6.12).
    private static readonly Version ParameterSince = new(6, 2);

    /// <summary>The value at a crash.</summary>
    /// <param name="steps">The steps of its boot before it.</param>
    /// <param name="kernel">Major and minor version of the kernel that dies.</param>
    /// <returns>Null where a command of the scenario may have set it to what cannot be read from the command.</returns>
    public static long? At(PlannedBoot boot, IEnumerable<PlanStep> steps, Version kernel)
    {
        long? value =
            kernel >= ParameterSince && boot.Parameters.GetValueOrDefault("pstore.kmsg_bytes") is { } parameter
                ? Parse(parameter)
                : Default;
        foreach (var step in steps)
        {
            if (
                step is NoteBackend noted
                && OptionsOf(noted.Request) is { } options
                && Option().Match(options) is { Success: true } mounted
            )
                value = Parse(mounted.Groups[1].Value);
            else if (step is RunInGuest run && run.Command.Contains("kmsg_bytes", StringComparison.Ordinal))
                value = Option().Match(run.Command) is { Success: true } set ? Parse(set.Groups[1].Value) : null;
        }

        return value;
    }

    private static string? OptionsOf(AgentRequest request) =>
        request switch
        {
            AgentRequest.BringUp up => up.Options,
            AgentRequest.Mount mount => mount.Options,
            _ => null,
        };

    private static long? Parse(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;

    [GeneratedRegex(@"\bkmsg_bytes=(\d+)\b")]
    private static partial Regex Option();
}
