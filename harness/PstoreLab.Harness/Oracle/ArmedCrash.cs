using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Oracle;

/// <summary>A crash of the plan, with the boot that died of it.</summary>
/// <param name="LastLine">The beginning of the line after which its record is written; null where that is the dying
/// kernel's last.</param>
/// <param name="BootsCaptureKernel">Whether a capture kernel (crash kernel) was loaded for it.</param>
/// <param name="OfCaptureKernel">Whether it was that capture kernel itself that died.</param>
internal sealed record ArmedCrash(
    string Nonce,
    int Markers,
    BootNumber Boot,
    string? LastLine = null,
    bool BootsCaptureKernel = false,
    bool OfCaptureKernel = false
)
{
    /// <summary>
    /// What <c>oops_exit</c> (kernel/panic.c, 5.10 to 7.2) prints right before it has the record of an oops written.
    /// </summary>
    public const string EndOfOops = "---[ end trace";

    public static IReadOnlyDictionary<CrashNumber, ArmedCrash> Of(Plan plan)
    {
        var crashes = new Dictionary<CrashNumber, ArmedCrash>();
        bool inCaptureKernel = false;
        foreach (var (boot, step) in plan.StepsWithBoots())
        {
            if (step is Mark mark)
                crashes[mark.Number] = new ArmedCrash(
                    mark.Nonce,
                    mark.Count,
                    boot.Number,
                    OfCaptureKernel: inCaptureKernel
                );
            if (step is Oops oops)
                crashes[oops.Number] = crashes[oops.Number] with { LastLine = EndOfOops };
            if (step is Crash crash)
                crashes[crash.Number] = crashes[crash.Number] with
                {
                    LastLine = crash.LastLine,
                    BootsCaptureKernel = inCaptureKernel = crash.BootsCaptureKernel,
                };
            else if (step is KeepVmcore)
                inCaptureKernel = false;
        }

        return crashes;
    }

    /// <summary>
    /// The last line that a record of this crash must have: a crash may leave one of an oops, and one of the panic
    /// that came of it.
    /// </summary>
    /// <param name="reason">The kernel's word in the record's header.</param>
    public string? LastLineFor(string? reason) =>
        reason == "Oops" ? EndOfOops
        : LastLine == EndOfOops ? null
        : LastLine;
}
