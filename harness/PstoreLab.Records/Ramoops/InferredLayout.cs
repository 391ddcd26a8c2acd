using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>A division that was inferred from the headers of an area, and what speaks against it.</summary>
/// <param name="Options">Options that divide the area, with the kernel where an ftrace zone shows it.</param>
/// <param name="LeftOver">Offsets of the headers that are no part of the division, ascending.</param>
internal sealed record InferredLayout(StoreOptions Options, IReadOnlyList<int> LeftOver)
{
    private const int MaxOffsets = 4;

    /// <summary>Options of the best division that has the left over headers for zones; null for none.</summary>
    public StoreOptions? RunnerUp { get; init; }

    /// <summary>What the division leaves over, as a sentence without a full stop; null for nothing.</summary>
    /// <param name="at">Offset of the area in what a person looks at.</param>
    public string? Remark(long at = 0)
    {
        if (LeftOver.Count == 0)
            return null;
        string offsets = string.Join(", ", LeftOver.Take(MaxOffsets).Select(offset => $"0x{at + offset:x}"));
        string headers = LeftOver.Count == 1 ? "1 more header" : $"{LeftOver.Count} more headers";
        string more = LeftOver.Count > MaxOffsets ? " and further on" : "";
        string advice = RunnerUp is { } other
            ? $"try {string.Join(' ', Sizes(other).Select(size => $"--parameter {size}"))}"
            : $"try the writer's sizes, such as --parameter ramoops.record_size=N, or --offset 0x{at + LeftOver[0]:x}";
        return $"{headers} at {offsets}{more}, not part of this division; {advice}";
    }

    private static IEnumerable<string> Sizes(StoreOptions of)
    {
        foreach (string name in (string[])["mem_size", "record_size", "console_size", "ftrace_size", "pmsg_size"])
            yield return $"ramoops.{name}=0x{of.Number($"ramoops.{name}"):x}";
        if (of.Number("ramoops.ecc") is > 0 and var parity)
            yield return $"ramoops.ecc={parity}";
    }
}
