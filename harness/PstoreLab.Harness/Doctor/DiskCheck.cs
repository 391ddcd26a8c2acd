using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>Room for kernels and for evidence.</summary>
internal sealed class DiskCheck : ICheck
{
    /// <summary>
    /// One kernel and the index of its suite take 160 MiB while it is fetched, and a case leaves one or two.
    /// </summary>
    private const long LeastMiB = 256;

    /// <summary>All kernels of the catalogue, and a few runs.</summary>
    private const long PlentyMiB = 2048;

    public string Subject => "disk";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([
            Look("disk for kernels", lab.Paths.Cache),
            Look("disk for runs", lab.Paths.Out),
        ]);

    private static Diagnosis Look(string subject, string folder)
    {
        string? there = folder;
        while (there is not null && !Directory.Exists(there))
            there = Path.GetDirectoryName(there);
        return Judge(subject, folder, new DriveInfo(there ?? "/").AvailableFreeSpace >> 20);
    }

    internal static Diagnosis Judge(string subject, string folder, long freeMiB)
    {
        string text = $"{freeMiB} MiB free at {folder}";
        return freeMiB < LeastMiB
                ? Diagnosis.Missing(subject, $"{text}; {LeastMiB} are needed", "pstorelab images prune")
            : freeMiB < PlentyMiB
                ? Diagnosis.Warning(
                    subject,
                    $"{text}; all kernels and some runs take {PlentyMiB}",
                    "pstorelab images prune"
                )
            : Diagnosis.Good(subject, text);
    }
}
