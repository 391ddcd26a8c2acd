using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>Which accelerator guests get, and how that is known.</summary>
/// <param name="prove">Whether to find out now, which boots up to two guests.</param>
internal sealed class AcceleratorCheck(bool prove) : ICheck
{
    public string Subject => "accelerator";

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation)
    {
        if (HostProgram.Find(Lab.Machine.QemuProgram) is null)
            return [Diagnosis.Warning(Subject, "not to be found out without QEMU")];
        var known = prove ? await lab.AcceleratorAsync(null, cancellation) : lab.RememberedAccelerator;
        return [Judge(known)];
    }

    internal Diagnosis Judge(Accelerator? known) =>
        known is null
            ? Diagnosis.Warning(Subject, "not proven yet: the first run does it", "pstorelab doctor --prove")
            : Diagnosis.Good(Subject, $"{known.Name}: {known.Why}");
}
