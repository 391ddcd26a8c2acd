using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Oracle;

/// <summary>What of a record is not as it should be.</summary>
/// <param name="Faults">Each as a sentence; empty when it is as it should be.</param>
/// <param name="Doubts">What the evidence leaves open, each as a sentence: the console is a witness that may have been
/// interrupted, and the kernel is not to blame for that.</param>
internal sealed record ContentDifference(IReadOnlyList<string> Faults, IReadOnlyList<string> Doubts)
{
    /// <summary>The first line that differs; null where lines do not, or were not compared.</summary>
    public LineDifference? Line { get; init; }

    public static ContentDifference None { get; } = new([], []);

    public static ContentDifference Of(IEnumerable<string> faults) => new([.. faults], []);

    public ContentDifference And(IEnumerable<string> faults) => this with { Faults = [.. Faults, .. faults] };
}
