namespace PstoreLab.Harness.Evidence;

/// <summary>
/// A case that was chosen and did not run to a verdict. That is none of the kernel, so it stands in no
/// <c>results.jsonl</c>.
/// </summary>
/// <param name="Why">In a sentence.</param>
/// <param name="Kernels">The names of the kernels that it would have booted, in their order.</param>
public sealed record NotRun(string Case, string Why, IReadOnlyList<string> Kernels);
