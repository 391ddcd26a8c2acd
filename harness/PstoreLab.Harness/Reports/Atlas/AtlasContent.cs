using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>
/// Which kernel reads what which kernel wrote: one heat map for each backend and compressor. Pure data, and as it
/// stands the shape of <c>atlas.json</c>: names in camel case, verdicts as words, times in ISO 8601, seconds as
/// numbers, paths relative to the file.
/// </summary>
/// <param name="Format">1. A field that is added leaves it as it is; one that goes or changes its meaning does
/// not.</param>
/// <param name="VerdictOrder">From the worst: the verdict of a cell is the first of these that one of its cases
/// has.</param>
/// <param name="Runs">What it was made from, in the order in which they were named.</param>
/// <param name="Cells">How many cells have each verdict; a verdict that none has is left out.</param>
/// <param name="Cases">The same of cases, those of <paramref name="Unplaced"/> included.</param>
/// <param name="Kernels">Every kernel of a map, in the order of rows and columns.</param>
/// <param name="Maps">In the order of backend and compressor; deflate, which every kernel has, comes first.</param>
/// <param name="Unplaced">Cases of which it is not known what kernel they boot: they never came to it.</param>
public sealed record AtlasContent(
    int Format,
    IReadOnlyList<Verdict> VerdictOrder,
    IReadOnlyList<AtlasRun> Runs,
    IReadOnlyDictionary<string, int> Cells,
    IReadOnlyDictionary<string, int> Cases,
    IReadOnlyList<AtlasKernel> Kernels,
    IReadOnlyList<AtlasMap> Maps,
    IReadOnlyList<AtlasCase> Unplaced
);

/// <summary>A run that the atlas was made from.</summary>
/// <param name="Name">As it was named.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Results">Lines of its <c>results.jsonl</c>.</param>
/// <param name="Used">Of these, the ones for which there is no newer result.</param>
public sealed record AtlasRun(string Name, string Path, int Results, int Used);

/// <summary>A kernel.</summary>
/// <param name="Releases">What <c>uname -r</c> said, with the package's version: <c>6.1.0-50-686 (6.1.176-1)</c>;
/// more than one where the runs had more; none where it never booted.</param>
public sealed record AtlasKernel(string Name, IReadOnlyList<string> Releases);

/// <summary>A heat map.</summary>
/// <param name="Compressor">What the record is compressed with: <c>deflate</c>, <c>none</c>, <c>lz4</c>, ….</param>
/// <param name="Writers">Names of kernels: the rows.</param>
/// <param name="Readers">Names of kernels: the columns.</param>
/// <param name="Cells">Row by row; a pair that was not run has none.</param>
public sealed record AtlasMap(
    string Backend,
    string Compressor,
    IReadOnlyList<string> Writers,
    IReadOnlyList<string> Readers,
    IReadOnlyList<AtlasCell> Cells
);

/// <summary>All cases in which this kernel wrote and that one read.</summary>
/// <param name="Id">The anchor of its details in <c>atlas.html</c>; the same in every atlas.</param>
/// <param name="Cases">The worst first.</param>
public sealed record AtlasCell(
    string Id,
    string Writer,
    string Reader,
    Verdict Verdict,
    IReadOnlyList<AtlasCase> Cases
);

/// <summary>One case: its last result. See <see cref="CaseResult"/>.</summary>
/// <param name="Run">The run that it comes from.</param>
/// <param name="Attempts">Those before the last one, which is the result.</param>
/// <param name="Messages">What pstore and its backends said on the console, boot by boot.</param>
/// <param name="Evidence">Files and folders that are there, the most telling first; a folder's path ends in a slash.
/// None where the folder is gone.</param>
public sealed record AtlasCase(
    string Case,
    Verdict Verdict,
    string Reason,
    IReadOnlyDictionary<string, string> Dimensions,
    IReadOnlyList<PlannedKernel> Kernels,
    string Accelerator,
    DateTimeOffset Started,
    double Seconds,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<AtlasAttempt> Attempts,
    IReadOnlyList<BootMessages> Messages,
    string Run,
    IReadOnlyList<EvidenceFile> Evidence
);

/// <summary>A try that was followed by another.</summary>
public sealed record AtlasAttempt(Verdict Verdict, string Reason, double Seconds);

/// <summary>The messages of one boot.</summary>
/// <param name="Boot">Its number, from 1.</param>
/// <param name="Kernel">What was booted; null where there is no plan.</param>
/// <param name="Lines">Word for word, without time, each once, in the order of the console; at most
/// <see cref="CaseMessages.LineLimit"/>.</param>
/// <param name="Omitted">How many more there are.</param>
public sealed record BootMessages(BootNumber Boot, string? Kernel, IReadOnlyList<string> Lines, int Omitted);

/// <summary>A file or a folder of the evidence.</summary>
/// <param name="Name">Within the case's folder.</param>
/// <param name="Path">From the atlas.</param>
public sealed record EvidenceFile(string Name, string Path);
