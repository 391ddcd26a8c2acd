using PstoreLab.Harness.Host;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>What compiles the program that loads a capture kernel. Only cases with such a kernel need it.</summary>
internal sealed class CaptureKernelCheck : ICheck
{
    public string Subject => "capture kernels";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([Judge(GuestProgram.HostCompiler)]);

    internal Diagnosis Judge((string Program, string Package) compiler) =>
        HostProgram.Find(compiler.Program) is { } path
            ? Diagnosis.Good(Subject, $"{path} compiles what loads them")
            : Diagnosis.Warning(
                Subject,
                $"cannot be loaded without {compiler.Program}, which compiles the program that does it",
                AptInstall.Of(compiler.Package)
            );
}
