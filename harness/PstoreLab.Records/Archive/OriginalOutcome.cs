namespace PstoreLab.Records.Archive;

/// <summary>What became of a record file.</summary>
public enum RecordOutcome
{
    /// <summary>A file of its name has the same bytes.</summary>
    Kept,

    /// <summary>The file of its name is another record, which was there as well.</summary>
    Overwritten,

    /// <summary>The file of its name has bytes that no record had.</summary>
    Altered,

    /// <summary>There is no file of its name.</summary>
    Gone,
}

/// <summary>What became of one record that <c>/sys/fs/pstore</c> had.</summary>
/// <param name="Paths">The files with its name and bytes, or, where there are none, those with its name.</param>
/// <param name="Texts">The <c>dmesg.txt</c> that have it byte for byte.</param>
/// <param name="FirstDifference">Of an altered one the first byte that is other, from 0; the length of the shorter
/// where one is the beginning of the other.</param>
public sealed record OriginalOutcome(
    ListedRecord Original,
    RecordOutcome Outcome,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Texts,
    int? FirstDifference
)
{
    /// <summary>Its bytes are nowhere in the archive.</summary>
    public bool IsLost => Outcome != RecordOutcome.Kept && Texts.Count == 0;
}
