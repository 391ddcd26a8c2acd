using PstoreLab.Harness.Runs;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Doctor;

/// <summary>The libraries that records of other kernels are decompressed with; deflate and 842 need none.</summary>
internal sealed class CompressionCheck : ICheck
{
    private static readonly (CompressionMethod Method, string Package)[] Libraries =
    [
        (CompressionMethod.Lzo, "liblzo2-2"),
        (CompressionMethod.Lz4, "liblz4-1"),
        (CompressionMethod.Zstd, "libzstd1"),
    ];

    public string Subject => "compression";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation)
    {
        var missing = Libraries.Where(library => RecordCompression.MissingLibrary(library.Method) is not null).ToList();
        return Task.FromResult<IReadOnlyList<Diagnosis>>(
            missing.Count == 0
                ? [Diagnosis.Good(Subject, "deflate, lzo, lz4, zstd and 842 can be decoded")]
                :
                [
                    Diagnosis.Warning(
                        Subject,
                        string.Join("; ", missing.Select(library => RecordCompression.MissingLibrary(library.Method))),
                        AptInstall.Of(string.Join(' ', missing.Select(library => library.Package)))
                    ),
                ]
        );
    }
}
