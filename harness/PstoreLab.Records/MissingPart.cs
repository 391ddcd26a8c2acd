namespace PstoreLab.Records;

/// <summary>A range of part numbers that a dump lacks, although it has a higher part.</summary>
/// <param name="First">The lowest missing number, from 1.</param>
/// <param name="Last">The highest missing number; equal to <paramref name="First"/> for a single part.</param>
public readonly record struct MissingPart(uint First, uint Last)
{
    /// <summary><c>part 3 missing</c> or <c>parts 3 to 4 missing</c>.</summary>
    public override string ToString() => First == Last ? $"part {First} missing" : $"parts {First} to {Last} missing";
}
