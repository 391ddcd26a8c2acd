using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>
/// Which kernels of the catalogue are here. One that is not is fetched or built when a case first asks for it.
/// </summary>
internal sealed class KernelsCheck : ICheck
{
    public string Subject => "kernels";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([
            .. lab.Catalogue.Names.Select(name => Judge(lab.Catalogue[name], lab.Kernels.Find(name))),
        ]);

    internal static Diagnosis Judge(KernelEntry entry, Kernel? kernel) =>
        kernel is null
            ? Diagnosis.Warning(
                $"kernel {entry.Name}",
                entry.Kind == KernelKind.Built ? "not built, which takes some minutes" : "not fetched",
                $"pstorelab images build {entry.Name}"
            )
            : Diagnosis.Good($"kernel {entry.Name}", kernel.Version);
}
