using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>All checks together.</summary>
public static class Examination
{
    /// <param name="prove">Whether to boot guests to find the accelerator, when none is known yet.</param>
    /// <returns>What was found, in the order of the checks; they run side by side.</returns>
    public static async Task<IReadOnlyList<Diagnosis>> RunAsync(Lab lab, bool prove, CancellationToken cancellation)
    {
        ICheck[] checks =
        [
            new QemuCheck(),
            new BackendsCheck(),
            new AcceleratorCheck(prove),
            new BusyboxCheck(),
            new ProgramsCheck(),
            new CompressionCheck(),
            new BuildToolsCheck(),
            new CaptureKernelCheck(),
            new ArchiveCheck(),
            new CapacityCheck(),
            new DiskCheck(),
            new KernelsCheck(),
            new RootfsCheck(),
            new RuntimeCheck(),
        ];
        var found = await Task.WhenAll(checks.Select(check => ExamineAsync(check, lab, cancellation)));
        return [.. found.SelectMany(diagnoses => diagnoses)];
    }

    /// <summary>One check, which may find that it cannot do its work.</summary>
    internal static async Task<IReadOnlyList<Diagnosis>> ExamineAsync(
        ICheck check,
        Lab lab,
        CancellationToken cancellation
    )
    {
        try
        {
            return await check.ExamineAsync(lab, cancellation);
        }
        catch (Exception fault) when (fault is LabException or IOException or UnauthorizedAccessException)
        {
            return [Diagnosis.Missing(check.Subject, fault.Message.ReplaceLineEndings(" "))];
        }
    }
}
