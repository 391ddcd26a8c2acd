namespace PstoreLab.Records.Archive;

/// <summary>One dump in an archive.</summary>
/// <param name="Dump">The dump, correctly assembled.</param>
/// <param name="Files">Paths of the record files that are its parts, byte for byte.</param>
/// <param name="Texts">Paths of the <c>dmesg.txt</c> with any of its parts.</param>
/// <param name="Findings">Its faults; a dump may be split and merged at once.</param>
public sealed record ArchivedDump(
    Dump Dump,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Texts,
    IReadOnlyList<ArchiveFinding> Findings
)
{
    /// <summary>
    /// Whether one <c>dmesg.txt</c> is this dump and nothing else: all its parts, the highest first, byte for byte.
    /// </summary>
    public bool IsReassembled => Texts.Count == 1 && !Findings.Any(finding => AboutText.Contains(finding.Fault));

    /// <summary>
    /// Whether the dump has several parts. A dump of one part is complete in its own file, and a record that is still
    /// compressed always makes a dump of one part.
    /// </summary>
    public bool NeedsReassembly => Dump.Parts.Count > 1;

    // Faults of the record files alone leave the text intact.
    private static readonly ArchiveFault[] AboutText =
    [
        ArchiveFault.NotReassembled,
        ArchiveFault.Split,
        ArchiveFault.Merged,
        ArchiveFault.Interleaved,
        ArchiveFault.Repeated,
        ArchiveFault.OutOfOrder,
        ArchiveFault.Altered,
        ArchiveFault.Incomplete,
    ];
}
