using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>
/// What systemd guests are made with and reached by, and which are here. No case needs one, so none that is not here is
/// worth a warning.
/// </summary>
internal sealed class RootfsCheck : ICheck
{
    public string Subject => "systemd guests";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([
            Judge(
                RootfsTools.MissingPackages,
                [.. lab.RootfsCatalogue.Names.Where(name => lab.Rootfs.Find(name) is not null)]
            ),
        ]);

    internal Diagnosis Judge(IReadOnlyList<string> missing, IReadOnlyList<string> made) =>
        missing.Count == 0
            ? Diagnosis.Good(
                Subject,
                "can be made here; "
                    + (
                        made.Count == 0
                            ? "none is yet"
                            : $"{string.Join(", ", made)} {(made.Count == 1 ? "is" : "are")}"
                    )
            )
            : Diagnosis.Warning(
                Subject,
                $"cannot be made and reached without {string.Join(", ", missing)}",
                AptInstall.Of(string.Join(' ', missing))
            );
}
