using PstoreLab.Harness.Host;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>The programs of the host that do a part of the work.</summary>
internal sealed class ProgramsCheck : ICheck
{
    private static readonly (string Program, string Package, string Purpose)[] Needed =
    [
        ("cpio", "cpio", "makes the guests' initramfs"),
        ("xz", "xz-utils", "unpacks kernels and modules"),
        ("zstd", "zstd", "unpacks kernels and modules"),
        ("dpkg-deb", "dpkg", "opens kernel packages"),
        ("tar", "tar", "unpacks what is in them"),
        ("setpriv", "util-linux", "lets no guest outlive the harness"),
    ];

    public string Subject => "programs";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([
            .. Needed.Select(need => Look(need.Program, need.Package, need.Purpose)),
        ]);

    internal static Diagnosis Look(string program, string package, string purpose) =>
        HostProgram.Find(program) is { } path
            ? Diagnosis.Good(program, $"{path}, {purpose}")
            : Diagnosis.Missing(program, $"is not on PATH, and {purpose}", AptInstall.Of(package));
}
