using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>Where on the atlas a case belongs.</summary>
internal sealed record CellPlace(string Writer, string Reader, string Backend, string Compressor)
{
    /// <summary>What every kernel that pstore compresses with at all has, and Debian's are set to.</summary>
    public const string DefaultCompressor = "deflate";

    /// <param name="plan">Of the case; null where it is gone, and then the compressor is only known where it is a
    /// dimension.</param>
    /// <returns>Null where neither the case's dimensions nor its kernels say who wrote and who read.</returns>
    public static CellPlace? Of(CaseResult result, Plan? plan)
    {
        var kernels = plan?.Kernels ?? result.Kernels;
        string? writer =
            Dimension(result, "writer")
            ?? Dimension(result, "kernel")
            ?? (kernels is [var first, ..] ? first.Name : null);
        string? reader =
            Dimension(result, "reader")
            ?? Dimension(result, "kernel")
            ?? (kernels is [.., var last] ? last.Name : null);
        return writer is null || reader is null
            ? null
            : new CellPlace(
                writer,
                reader,
                result.Backend,
                Dimension(result, "compressor") ?? CompressorParameter(plan) ?? DefaultCompressor
            );
    }

    // The first boot is the one that writes.
    private static string? CompressorParameter(Plan? plan) =>
        plan?.Boots.Select(boot => boot.Parameters.GetValueOrDefault(PstoreCompression.Parameter)).FirstOrDefault();

    private static string? Dimension(CaseResult result, string name) => result.Dimensions.GetValueOrDefault(name);
}
