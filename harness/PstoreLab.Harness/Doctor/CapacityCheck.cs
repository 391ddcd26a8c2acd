using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>How many guests fit on this machine at once.</summary>
internal sealed class CapacityCheck : ICheck
{
    public string Subject => "capacity";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([Judge(Environment.ProcessorCount, HostMemory.AvailableMiB())]);

    internal Diagnosis Judge(int cores, long availableMiB)
    {
        long fit = Math.Min(cores, GuestSlots.Fitting(availableMiB, GuestMemory.OrdinaryMiB));
        string machine = $"{cores} {(cores == 1 ? "core" : "cores")}, {availableMiB} MiB of memory free";
        return fit > 0
            ? Diagnosis.Good(Subject, $"{machine}: {fit} {(fit == 1 ? "guest" : "guests")} at once")
            : Diagnosis.Warning(
                Subject,
                $"{machine}: too little even for one guest of {GuestMemory.OrdinaryMiB} MiB, which will be "
                    + "tried all the same"
            );
    }
}
