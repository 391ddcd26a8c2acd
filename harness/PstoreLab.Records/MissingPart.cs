namespace PstoreLab.Records;

/// <summary>Parts of a dump that are not there though newer and older ones, or only older ones, are.</summary>
public readonly record struct MissingPart(uint First, uint Last)
{
    public override string ToString() => First == Last ? $"part {First} missing" : $"parts {First} to {Last} missing";
}
