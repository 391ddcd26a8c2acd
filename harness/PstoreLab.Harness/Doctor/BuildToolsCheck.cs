using PstoreLab.Harness.Kernels.Build;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>What lab kernels are built with. A machine that runs only the distributions' does without.</summary>
internal sealed class BuildToolsCheck : ICheck
{
    public string Subject => "kernel build";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([Judge(BuildTools.MissingPackages(Lab.Machine.Architecture))]);

    internal Diagnosis Judge(IReadOnlyList<string> missing) =>
        missing.Count == 0
            ? Diagnosis.Good(Subject, "the lab kernels can be built here")
            : Diagnosis.Warning(
                Subject,
                $"the lab kernels cannot be built without {string.Join(", ", missing)}",
                AptInstall.Of(string.Join(' ', missing))
            );
}
