namespace PstoreLab.Records.Archive;

/// <summary>Outcome of archiving a record.</summary>
public enum RecordOutcome
{
    /// <summary>The archive has a file with its name and its bytes.</summary>
    Kept,

    /// <summary>The file with its name is another of the original records.</summary>
    Overwritten,

    /// <summary>The file with its name has the bytes of no original record.</summary>
    Altered,

    /// <summary>The archive has no file with its name.</summary>
    Gone,
}

/// <summary>An original record, and its outcome in the archive.</summary>
/// <param name="Original">The record, as <c>/sys/fs/pstore</c> showed it.</param>
/// <param name="Outcome">Outcome of its record file.</param>
/// <param name="Paths">Paths of the files with its name and bytes, or else of those with its name.</param>
/// <param name="Texts">Paths of the <c>dmesg.txt</c> with the record, byte for byte.</param>
/// <param name="FirstDifference">For <see cref="RecordOutcome.Altered"/> the offset of the first different byte, or the
/// length of the shorter content; null for all others.</param>
public sealed record OriginalOutcome(
    ListedRecord Original,
    RecordOutcome Outcome,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Texts,
    int? FirstDifference
)
{
    /// <summary>Whether the archive has its bytes nowhere.</summary>
    public bool IsLost => Outcome != RecordOutcome.Kept && Texts.Count == 0;
}
