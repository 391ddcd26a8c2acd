using PstoreLab.Harness.Images;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>Which kernels of the catalogue are here. One that is not is fetched when a case first asks for it.</summary>
internal sealed class KernelsCheck : ICheck
{
    public string Subject => "kernels";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([.. lab.Catalogue.Names.Select(name => Judge(name, lab.Kernels.Find(name)))]);

    internal static Diagnosis Judge(string name, Kernel? kernel) => kernel is null
        ? Diagnosis.Warning($"kernel {name}", "not fetched", $"pstorelab images build {name}")
        : Diagnosis.Good($"kernel {name}", kernel.Version);
}
