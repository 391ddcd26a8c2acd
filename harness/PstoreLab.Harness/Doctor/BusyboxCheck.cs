using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>The busybox that guests get.</summary>
internal sealed class BusyboxCheck : ICheck
{
    public string Subject => "busybox";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([Locate()]);

    private Diagnosis Locate()
    {
        try
        {
            return Diagnosis.Good(Subject, $"static, {Busybox.Locate(Lab.Machine.Architecture)}");
        }
        catch (UnsupportedException fault)
        {
            return Diagnosis.Missing(Subject, fault.Message, AptInstall.Of("busybox-static"));
        }
    }
}
