using PstoreLab.Harness.Runs;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Doctor;

/// <summary>The library that records of kernels with LZO are decompressed with; all other methods need none.</summary>
internal sealed class CompressionCheck : ICheck
{
    private const string Package = "liblzo2-2";

    public string Subject => "compression";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>(
            RecordCompression.MissingLibrary(CompressionMethod.Lzo) is { } missing
                ? [Diagnosis.Warning(Subject, missing, AptInstall.Of(Package))]
                : [Diagnosis.Good(Subject, "deflate, lzo, lz4, zstd and 842 can be decoded")]
        );
}
