using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>
/// Whether kernels can be fetched from the Debian archive, and checked. Nothing is downloaded to find out.
/// </summary>
internal sealed class ArchiveCheck : ICheck
{
    public string Subject => "Debian archive";

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        [await MirrorAsync(lab, cancellation), Keyring()];

    private async Task<Diagnosis> MirrorAsync(Lab lab, CancellationToken cancellation)
    {
        try
        {
            var host = await AptHost.ReadAsync(lab.Runner, cancellation);
            return Diagnosis.Good(Subject, host.Mirror);
        }
        catch (LabException fault)
        {
            return Diagnosis.Missing(Subject, fault.Message);
        }
    }

    private static Diagnosis Keyring() =>
        File.Exists(AptRoot.Keyring)
            ? Diagnosis.Good("Debian's keys", AptRoot.Keyring)
            : Diagnosis.Missing(
                "Debian's keys",
                $"{AptRoot.Keyring} is not there, so packages cannot be checked",
                AptInstall.Of("debian-archive-keyring")
            );
}
