using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Oracle;

/// <summary>A crash of the plan, with the boot that died of it.</summary>
/// <param name="NewestLine">The beginning of the line after which its record is written; null where that is the dying
/// kernel's last.</param>
/// <param name="BootsCaptureKernel">Whether a crash kernel was loaded for it.</param>
/// <param name="OfCaptureKernel">Whether it was that crash kernel itself that died.</param>
internal sealed record ArmedCrash(
    string Nonce,
    int Markers,
    int Boot,
    string? NewestLine = null,
    bool BootsCaptureKernel = false,
    bool OfCaptureKernel = false
)
{
    /// <summary>
    /// What <c>oops_exit</c> (kernel/panic.c, 5.10 to 7.2) prints right before it has the record of an oops written.
    /// </summary>
    public const string EndOfOops = "---[ end trace";

    public static IReadOnlyDictionary<int, ArmedCrash> Of(Plan plan)
    {
        var crashes = new Dictionary<int, ArmedCrash>();
        int boot = 0;
        bool inCaptureKernel = false;
        foreach (var step in plan.Steps)
        {
            boot = step switch
            {
                PowerOn on => on.Boot,
                WarmBoot again => again.Boot,
                _ => boot,
            };
            if (step is Mark mark)
                crashes[mark.Number] = new ArmedCrash(mark.Nonce, mark.Count, boot, OfCaptureKernel: inCaptureKernel);
            if (step is Oops oops)
                crashes[oops.Number] = crashes[oops.Number] with { NewestLine = EndOfOops };
            if (step is Crash crash)
                crashes[crash.Number] = crashes[crash.Number] with
                {
                    NewestLine = crash.NewestLine,
                    BootsCaptureKernel = inCaptureKernel = crash.BootsCaptureKernel,
                };
            else if (step is KeepVmcore)
                inCaptureKernel = false;
        }

        return crashes;
    }

    /// <summary>
    /// The newest line that a record of this crash must have: a crash may leave one of an oops, and one of the panic
    /// that came of it.
    /// </summary>
    /// <param name="reason">The kernel's word in the record's header.</param>
    public string? NewestLineFor(string? reason) =>
        reason == "Oops" ? EndOfOops
        : NewestLine == EndOfOops ? null
        : NewestLine;
}
